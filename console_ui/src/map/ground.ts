/** The basemap as Leaflet paths: land below water below parks below roads below beats. */
import type { Feature, FeatureCollection, Position } from "geojson";
import type { LatLngBounds, LatLngTuple, Layer, PathOptions, Renderer } from "leaflet";
import { Polygon } from "leaflet/src/layer/vector/Polygon.js";
import { Polyline } from "leaflet/src/layer/vector/Polyline.js";
import type { Colours, Label } from "./paint";

interface Properties {
  readonly kind?: string;
  readonly class?: string;
  readonly name?: string;
  readonly label?: string;
}

/** A path of any kind, with the extent it covers. */
export type Drawn = Layer & { getBounds(): LatLngBounds };

const DEPTH: Record<string, number> = { land: 0, water: 1, park: 2, road: 3, beat: 4 };
const about = (feature: Feature): Properties => (feature.properties ?? {}) as Properties;
const depth = (feature: Feature): number => DEPTH[about(feature).kind ?? ""] ?? 3;
const latLng = ([lon = 0, lat = 0]: Position): LatLngTuple => [lat, lon];

function look({ kind, class: of }: Properties, colour: Colours): PathOptions {
  if (kind === "land") return { stroke: false, fill: true, fillColor: colour.land, fillOpacity: 1 };
  if (kind === "water") return { stroke: false, fill: true, fillColor: colour.water, fillOpacity: 1 };
  if (kind === "park") return { stroke: false, fill: true, fillColor: colour.park, fillOpacity: 1 };
  if (kind === "beat") return { color: colour.lbl, weight: 1, opacity: 0.55, dashArray: "3 4", fill: false };
  const major = of === "major" || of === "highway";
  return { color: major ? colour.road2 : colour.road, weight: major ? 3.2 : 1.1, fill: false };
}

function path({ geometry }: Feature, options: PathOptions): Drawn | null {
  switch (geometry.type) {
    case "Polygon":
      return new Polygon(geometry.coordinates.map((ring) => ring.map(latLng)), options);
    case "MultiPolygon":
      return new Polygon(geometry.coordinates.map((part) => part.map((ring) => ring.map(latLng))), options);
    case "LineString":
      return new Polyline(geometry.coordinates.map(latLng), options);
    case "MultiLineString":
      return new Polyline(geometry.coordinates.map((line) => line.map(latLng)), options);
    default:
      return null;
  }
}

/** Everything with an extent, in the order of drawing. */
export function groundOf(basemap: FeatureCollection | null, colour: Colours, renderer: Renderer): Drawn[] {
  return [...(basemap?.features ?? [])]
    .sort((a, b) => depth(a) - depth(b))
    .flatMap((feature) => path(feature, { ...look(about(feature), colour), interactive: false, renderer }) ?? []);
}

/** Names of places and of beats, each where it belongs. */
export function labelsOf(basemap: FeatureCollection | null): Label[] {
  return (basemap?.features ?? []).flatMap((feature): Label[] => {
    const { kind, name, label } = about(feature);
    if (!name) return [];
    if (feature.geometry.type === "Point") {
      const [lat, lon] = latLng(feature.geometry.coordinates);
      return [{ lat, lon, text: name, small: true }];
    }
    if (kind !== "beat" || feature.geometry.type !== "Polygon") return [];
    const ring = feature.geometry.coordinates[0] ?? [];
    const middle = (values: number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
    const lat = middle(ring.map((point) => point[1] ?? 0));
    const lon = middle(ring.map((point) => point[0] ?? 0));
    return [{ lat, lon, text: label ? `${name} ${label}` : name, small: false }];
  });
}
