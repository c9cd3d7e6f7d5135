/** Draws calls, units, routes and names on a canvas, in the same shapes as the lists. */
import type { MapCall, MapUnit, Scene } from "./view";

export type Colours = Record<
  "tx" | "tx2" | "line" | "line2" | "land" | "panel" | "focus" | "t1f" | "t1tx" | "lbl" | "water" | "park" | "road" | "road2",
  string
>;
export interface Label {
  readonly lat: number;
  readonly lon: number;
  readonly text: string;
  readonly small: boolean;
}
type Pen = CanvasRenderingContext2D;
type Project = (lat: number, lon: number) => { x: number; y: number };

const SANS = '"Inter Variable", system-ui, sans-serif';
const MONO = '"JetBrains Mono Variable", monospace';

export function paint(pen: Pen, scene: Scene, labels: readonly Label[], c: Colours, zoom: number, at: Project): void {
  for (const label of labels) if (!label.small || zoom >= 13.5) write(pen, label, c, at);
  for (const call of scene.calls) if (call.kind === "other" && !call.selected) drawCall(pen, call, c, at);
  for (const route of scene.routes) {
    pen.strokeStyle = c.focus;
    pen.lineWidth = 2.6;
    pen.setLineDash(route.by === "police" ? [7, 4] : []);
    const from = at(...route.from);
    const to = at(...route.to);
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
  }
  pen.setLineDash([]);
  for (const call of scene.calls) if (call.kind === "flagged" && !call.selected) drawCall(pen, call, c, at);
  const taken: Box[] = [];
  for (const unit of [...scene.units].sort((a, b) => Number(b.marked) - Number(a.marked))) drawUnit(pen, unit, c, at, taken);
  for (const call of scene.calls) if (call.kind === "alert" && !call.selected) drawCall(pen, call, c, at);
  for (const call of scene.calls) if (call.selected) drawCall(pen, call, c, at);
}

function write(pen: Pen, label: Label, c: Colours, at: Project): void {
  const { x, y } = at(label.lat, label.lon);
  pen.font = label.small ? `10px ${SANS}` : `11px ${SANS}`;
  pen.fillStyle = c.lbl;
  pen.textAlign = "center";
  pen.fillText(label.text, x, y);
}

function path(pen: Pen, x: number, y: number, points: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  for (const [dx, dy] of points) pen.lineTo(x + dx, y + dy);
  pen.closePath();
}

const octagon = (r: number): [number, number][] => {
  const s = r * 0.42;
  return [[-s, -r], [s, -r], [r, -s], [r, s], [s, r], [-s, r], [-r, s], [-r, -s]];
};
const diamond = (r: number): [number, number][] => [[0, -r], [r, 0], [0, r], [-r, 0]];
const square = (r: number): [number, number][] => [[-r, -r], [r, -r], [r, r], [-r, r]];

function drawCall(pen: Pen, call: MapCall, c: Colours, at: Project): void {
  const { x, y } = at(call.lat, call.lon);
  const big = call.selected || call.kind === "alert";
  pen.lineWidth = 1.5;
  if (call.selected) {
    pen.strokeStyle = c.focus;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, 16, 0, Math.PI * 2);
    pen.stroke();
  }
  if (call.kind === "alert") path(pen, x, y, octagon(10));
  else if (call.kind === "flagged") path(pen, x, y, diamond(big ? 11 : 6));
  else path(pen, x, y, square(big ? 8 : 2.6));
  pen.fillStyle = call.kind === "alert" ? c.t1f : call.selected ? c.tx : c.land;
  pen.fill();
  pen.lineWidth = call.kind === "other" && !big ? 1.1 : 1.5;
  pen.strokeStyle = big ? c.land : call.kind === "other" ? c.line2 : c.tx2;
  pen.stroke();
  if (!big) return;
  pen.fillStyle = call.kind === "alert" ? c.t1tx : c.land;
  pen.font = `700 11px ${SANS}`;
  pen.textAlign = "center";
  pen.fillText(call.label, x, y + 4);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
}

function drawUnit(pen: Pen, unit: MapUnit, c: Colours, at: Project, taken: Box[]): void {
  const { x, y } = at(unit.lat, unit.lon);
  pen.globalAlpha = unit.old ? 0.55 : 1;
  pen.beginPath();
  pen.arc(x, y, 6, 0, Math.PI * 2);
  pen.fillStyle = unit.busy ? c.tx : c.land;
  pen.fill();
  pen.lineWidth = unit.marked ? 2.4 : 1.6;
  pen.strokeStyle = unit.marked ? c.focus : c.tx;
  if (unit.old) pen.setLineDash([2, 2]);
  pen.stroke();
  pen.setLineDash([]);
  pen.font = `600 11px ${MONO}`;
  const box = { x: x + 10, y: y - 9, w: pen.measureText(unit.id).width + 8 };
  const covered = taken.some((other) => Math.abs(other.y - box.y) < 19 && other.x < box.x + box.w && box.x < other.x + other.w);
  if (!covered) {
    taken.push(box);
    pen.fillStyle = c.panel;
    pen.strokeStyle = unit.marked ? c.focus : c.line;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.roundRect(box.x, box.y, box.w, 18, 2);
    pen.fill();
    pen.stroke();
    pen.fillStyle = c.tx;
    pen.textAlign = "left";
    pen.fillText(unit.id, box.x + 4, y + 4);
  }
  pen.globalAlpha = 1;
}
