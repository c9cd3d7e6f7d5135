/** Who is signed in, and which views that role has. */
import { client, settled } from "../http";
import type { View } from "../state/keys";
import type { Problem, User } from "../wire";

const VIEWS: Record<string, readonly View[]> = {
  clinician: ["clinician", "dispatcher"],
  dispatcher: ["dispatcher"],
  supervisor: ["clinician", "dispatcher", "manager"],
  manager: ["manager"],
  admin: [],
  integrator: [],
};

const DISPATCHES: readonly string[] = ["dispatcher", "supervisor"];
const REVIEWS: readonly string[] = ["clinician", "supervisor"];

class Session {
  user = $state.raw<User | null>(null);
  known = $state(false); // the service has been asked once

  get views(): readonly View[] {
    return this.user ? (VIEWS[this.user.role] ?? []) : [];
  }
  get dispatches(): boolean {
    return this.user !== null && DISPATCHES.includes(this.user.role);
  }
  get reviews(): boolean {
    return this.user !== null && REVIEWS.includes(this.user.role);
  }

  async ask(): Promise<void> {
    const answer = await settled<{ user: User }>(client.GET("/v1/session"));
    this.user = answer.ok ? answer.data.user : null;
    this.known = true;
  }

  async signIn(username: string, password: string, center: string): Promise<Problem | null> {
    const body = { username, password, ...(center ? { center } : {}) };
    const answer = await settled<{ user: User }>(client.POST("/v1/session", { body }));
    if (!answer.ok) return answer.problem;
    this.user = answer.data.user;
    return null;
  }

  async signOut(): Promise<void> {
    await client.DELETE("/v1/session");
    location.assign("/"); // a fresh page: nothing of the last person's calls stays in memory
  }
}

export const session = new Session();
