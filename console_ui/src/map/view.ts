/** What a map has to do for the console, whoever draws it. */
import type { UnitClass, UnitState } from "../state/units";

export interface MapCall {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly kind: "alert" | "flagged" | "other";
  readonly label: string;
  readonly selected: boolean;
}
export interface MapUnit {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly state: UnitState;
  readonly busy: boolean;
  readonly marked: boolean;
  readonly old: boolean; // its position is older than it may be
}
export interface MapRoute {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly by: UnitClass;
}
export interface Scene {
  readonly calls: readonly MapCall[];
  readonly units: readonly MapUnit[];
  readonly routes: readonly MapRoute[];
}
export interface MapView {
  draw(scene: Scene): void;
  restyle(): void;
  zoom(by: 1 | -1): void;
  center(lat: number, lon: number): void;
  destroy(): void;
}
