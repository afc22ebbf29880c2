import type { Act } from "../identity/audit.ts";

/** What the operator keeps of a gateway, beside what it says of itself. */
export interface GatewayAccount {
  readonly id: string;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** When its secret was made; null: it has none, and cannot come in. */
  readonly secretMadeAt: Date | null;
  readonly retiredAt: Date | null;
  readonly version: number;
}

export interface GatewayEdit {
  readonly name?: string | undefined;
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
}

export const GATEWAY_ID = "^[a-z0-9-]{1,32}$";

export interface GatewayAccounts {
  find(id: string): Promise<GatewayAccount | undefined>;
  /** A ConflictError when there is one of that name. */
  create(id: string, edit: GatewayEdit, act: Act): Promise<GatewayAccount>;
  edit(id: string, edit: GatewayEdit, act: Act, version?: number): Promise<GatewayAccount>;
  /** A new secret in place of the one before; nobody is ever shown it again. */
  issueSecret(
    id: string,
    act: Act,
    version?: number,
  ): Promise<{ readonly account: GatewayAccount; readonly secret: string }>;
  revokeSecret(id: string, act: Act, version?: number): Promise<GatewayAccount>;
  /** For good: it has no secret any more and is not listed among those in service. */
  retire(id: string, act: Act, version?: number): Promise<GatewayAccount>;
}
