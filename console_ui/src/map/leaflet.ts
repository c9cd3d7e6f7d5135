/** The map on Leaflet's canvas, with our own drawing above it; nothing is fetched but our own basemap. */
import type { FeatureCollection } from "geojson";
import type { LatLngExpression, LayerOptions, Renderer } from "leaflet";
import { LatLngBounds } from "leaflet/src/geo/LatLngBounds.js";
import { LayerGroup } from "leaflet/src/layer/LayerGroup.js";
import { Canvas } from "leaflet/src/layer/vector/Canvas.js";
import { Map as LeafletMap } from "leaflet/src/map/Map.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";
import "./leaflet.css";
import { groundOf, labelsOf, type Drawn } from "./ground";
import { paint, type Colours } from "./paint";
import type { MapView, Scene } from "./view";

const EMPTY: Scene = { calls: [], units: [], routes: [] };
const NEAR = 18; // pixels from a press to the call it means

// Leaflet chooses between SVG and canvas here; without that choice only the canvas is loaded.
LeafletMap.include({
  getRenderer(this: LeafletMap, layer: { options: LayerOptions & { renderer: Renderer } }): Renderer {
    const { renderer } = layer.options;
    if (!this.hasLayer(renderer)) this.addLayer(renderer);
    return renderer;
  },
});

const NAMES = ["tx", "tx2", "line", "line2", "land", "panel", "focus", "t1f", "t1tx", "lbl", "water", "park", "road", "road2"] as const;

function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

export function leafletMap(host: HTMLElement, basemap: FeatureCollection | null, pick: (id: string) => void): MapView {
  const map = new LeafletMap(host, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    keyboard: false,
    zoomAnimation: false,
    fadeAnimation: false,
    inertia: false,
  });
  const canvas = document.createElement("canvas");
  canvas.className = "leaflet-tandem";
  const renderer = new Canvas({ padding: 0.2 });
  const labels = labelsOf(basemap);
  let colour = colours();
  let scene = EMPTY;
  let paths: readonly Drawn[] = [];
  let ground = new LayerGroup();
  let fitted = false;
  let asked = 0;

  function layGround(): void {
    colour = colours();
    ground.remove();
    host.style.background = colour.land;
    paths = groundOf(basemap, colour, renderer);
    ground = new LayerGroup([...paths]).addTo(map);
  }

  function extent(): LatLngBounds {
    const points = [...scene.calls, ...scene.units].map(({ lat, lon }): LatLngExpression => [lat, lon]);
    const bounds = new LatLngBounds([]);
    for (const path of paths) bounds.extend(path.getBounds());
    if (paths.length === 0) for (const point of points) bounds.extend(point);
    return bounds;
  }

  function fit(): void {
    const bounds = extent();
    if (!bounds.isValid()) return;
    map.fitBounds(bounds, { animate: false, padding: [4, 4] });
    fitted = true;
  }

  function redraw(): void {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      if (!fitted) fit();
      const pen = fitted ? canvas.getContext("2d") : null;
      if (!pen) return;
      const { x, y } = map.getSize();
      const ratio = devicePixelRatio;
      if (canvas.width !== Math.round(x * ratio) || canvas.height !== Math.round(y * ratio)) {
        canvas.width = Math.round(x * ratio);
        canvas.height = Math.round(y * ratio);
      }
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, x, y);
      paint(pen, scene, labels, colour, map.getZoom(), (lat, lon) => map.latLngToContainerPoint([lat, lon]));
    });
  }

  host.append(canvas);
  map.setView([0, 0], 12);
  layGround();
  fit();
  map.on("move zoom resize viewreset", redraw);
  map.on("click", ({ containerPoint }) => {
    const near = scene.calls
      .map((call) => ({ call, far: map.latLngToContainerPoint([call.lat, call.lon]).distanceTo(containerPoint) }))
      .sort((a, b) => a.far - b.far)[0];
    if (near && near.far < NEAR) pick(near.call.id);
  });
  const watcher = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  watcher.observe(host);

  return {
    draw(next) {
      scene = next;
      redraw();
    },
    restyle() {
      layGround();
      redraw();
    },
    zoom: (by) => void map.setZoom(map.getZoom() + by, { animate: false }),
    center: (lat, lon) => void map.setView([lat, lon], Math.max(map.getZoom(), 14), { animate: false }),
    destroy() {
      watcher.disconnect();
      cancelAnimationFrame(asked);
      requestAnimationFrame(() => map.remove()); // Leaflet forgets a redraw it has asked for; let that pass first
    },
  };
}
