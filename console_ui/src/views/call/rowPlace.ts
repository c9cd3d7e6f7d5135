/** Where a row of a list stands, and whether Tab reaches it. */
export interface RowPlace {
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly stop: boolean;
}
