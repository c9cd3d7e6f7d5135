/** The map on Leaflet's canvas, with our own drawing above it; nothing is fetched but our own basemap. */
import "leaflet/dist/leaflet.css";
import type { FeatureCollection, Feature } from "geojson";
import L from "leaflet";
import { paint, type Colours } from "./paint";
import type { MapView, Scene } from "./view";

const EMPTY: Scene = { calls: [], units: [], routes: [] };

function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return new Proxy({} as Colours, { get: (_, name) => style.getPropertyValue(`--${String(name)}`).trim() });
}

function look(feature: Feature | undefined, colour: Colours): L.PathOptions {
  const { kind, class: of } = (feature?.properties ?? {}) as { kind?: string; class?: string };
  if (kind === "water") return { stroke: false, fill: true, fillColor: colour.water, fillOpacity: 1 };
  if (kind === "park") return { stroke: false, fill: true, fillColor: colour.park, fillOpacity: 1 };
  if (kind === "beat") return { color: colour.lbl, weight: 1, opacity: 0.55, dashArray: "3 4", fill: false };
  const major = of === "major" || of === "highway";
  return { color: major ? colour.road2 : colour.road, weight: major ? 3.2 : 1.1, fill: false };
}

/** Land below water below parks below roads below beats: the order of drawing is the order of adding. */
const DEPTH: Record<string, number> = { land: 0, water: 1, park: 2, road: 3, beat: 4 };
const depth = (feature: Feature): number => DEPTH[String(feature.properties?.["kind"])] ?? 3;

export function leafletMap(host: HTMLElement, basemap: FeatureCollection | null, pick: (id: string) => void): MapView {
  const map = L.map(host, {
    preferCanvas: true,
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    keyboard: false,
    zoomAnimation: false,
    fadeAnimation: false,
    markerZoomAnimation: false,
    inertia: false,
  });
  const canvas = document.createElement("canvas");
  canvas.className = "leaflet-tandem";
  let scene = EMPTY;
  let base: L.GeoJSON | null = null;
  let fitted = false;
  let asked = 0;

  const shapes = (basemap?.features ?? []).filter(({ geometry }) => geometry.type !== "Point").sort((a, b) => depth(a) - depth(b));
  const labels = (basemap?.features ?? []).flatMap((feature) => {
    const { kind, name, label } = (feature.properties ?? {}) as { kind?: string; name?: string; label?: string };
    if (feature.geometry.type === "Point" && name) {
      const [lon = 0, lat = 0] = feature.geometry.coordinates;
      return [{ lat, lon, text: name, small: true }];
    }
    if (kind !== "beat" || !name) return [];
    const at = L.geoJSON(feature).getBounds().getCenter();
    return [{ lat: at.lat, lon: at.lng, text: label ? `${name} ${label}` : name, small: false }];
  });

  function ground(): void {
    base?.remove();
    host.style.background = colours().land;
    base = L.geoJSON({ type: "FeatureCollection", features: shapes } as FeatureCollection, {
      style: (feature) => look(feature, colours()),
      interactive: false,
    }).addTo(map);
  }

  function fit(): void {
    const bounds = base?.getBounds();
    if (bounds?.isValid()) map.fitBounds(bounds, { animate: false });
    else {
      const points = [...scene.calls, ...scene.units].map(({ lat, lon }) => L.latLng(lat, lon));
      if (points.length === 0) return;
      map.fitBounds(L.latLngBounds(points).pad(0.15), { animate: false });
    }
    fitted = true;
  }

  function redraw(): void {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      if (!fitted) fit();
      if (!fitted) return;
      const { x, y } = map.getSize();
      const ratio = devicePixelRatio;
      if (canvas.width !== x * ratio || canvas.height !== y * ratio) {
        canvas.width = x * ratio;
        canvas.height = y * ratio;
        canvas.style.width = `${x}px`;
        canvas.style.height = `${y}px`;
      }
      const pen = canvas.getContext("2d");
      if (!pen) return;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, x, y);
      paint(pen, scene, labels, colours(), map.getZoom(), (lat, lon) => map.latLngToContainerPoint([lat, lon]));
    });
  }

  host.append(canvas);
  ground();
  map.setView([0, 0], 12);
  fit();
  map.on("move zoom resize viewreset", redraw);
  map.on("click", ({ containerPoint }) => {
    const near = scene.calls
      .map((call) => ({ call, far: map.latLngToContainerPoint([call.lat, call.lon]).distanceTo(containerPoint) }))
      .sort((a, b) => a.far - b.far)[0];
    if (near && near.far < 18) pick(near.call.id);
  });
  const watcher = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  watcher.observe(host);

  return {
    draw(next) {
      scene = next;
      redraw();
    },
    restyle() {
      ground();
      redraw();
    },
    zoom: (by) => void map.setZoom(map.getZoom() + by, { animate: false }),
    center: (lat, lon) => void map.setView([lat, lon], Math.max(map.getZoom(), 14), { animate: false }),
    destroy() {
      watcher.disconnect();
      cancelAnimationFrame(asked);
      map.remove();
    },
  };
}
