import { isDeepStrictEqual } from "node:util";
import { ConflictError, InvalidInputError, UnavailableError } from "../../base/errors.ts";
import type { DataSource } from "./data-sources.ts";
import type { DashboardJson } from "./panels.ts";

export type Credentials =
  | { readonly token: string }
  | { readonly username: string; readonly password: string };

export type Upserted = "created" | "updated" | "unchanged";

export interface Folder {
  readonly uid: string;
  readonly title: string;
}

/** The few calls of Grafana's HTTP API that a deployment needs. Each may be repeated. */
export interface GrafanaClient {
  /** Throws an UnavailableError unless a Grafana with a working database answers. */
  health(): Promise<{ readonly version: string }>;
  putFolder(folder: Folder): Promise<Upserted>;
  /** Always written: Grafana does not tell the secrets that it has, so nobody can know them unchanged. */
  putDataSource(source: DataSource): Promise<Upserted>;
  /** Takes the place of what people changed by hand, and keeps Grafana's history when nothing changed. */
  putDashboard(dashboard: DashboardJson, folderUid: string): Promise<Upserted>;
}

const TIMEOUT_MS = 15_000;
const REASON_CHARACTERS_MAX = 300;
type Method = "GET" | "POST" | "PUT";
type Json = Readonly<Record<string, unknown>>;

export function createGrafanaClient(baseUrl: string, credentials: Credentials): GrafanaClient {
  const authorization =
    "token" in credentials
      ? `Bearer ${credentials.token}`
      : `Basic ${base64(`${credentials.username}:${credentials.password}`)}`;

  const { ask, find } = asker(baseUrl, authorization);
  return {
    async health() {
      const { database, version } = await ask("GET", "health");
      if (typeof version !== "string")
        throw new UnavailableError(`What answers at ${baseUrl} is not Grafana`);
      if (database !== "ok") throw new UnavailableError("Grafana's own database does not work");
      return { version };
    },

    async putFolder({ uid, title }) {
      const found = await find(`folders/${uid}`);
      if (found?.["title"] === title) return "unchanged";
      if (found) await ask("PUT", `folders/${uid}`, { title, overwrite: true });
      else await ask("POST", "folders", { uid, title });
      return found ? "updated" : "created";
    },

    async putDataSource(source) {
      const path = `datasources/uid/${source.uid}`;
      const found = await find(path);
      if (found?.["readOnly"] === true) {
        throw new ConflictError(
          `data source ${source.name} comes from a file of Grafana's and can only be changed there`,
        );
      }
      if (found) await ask("PUT", path, source);
      else await ask("POST", "datasources", source);
      return found ? "updated" : "created";
    },

    async putDashboard(dashboard, folderUid) {
      const found = await find(`dashboards/uid/${dashboard.uid}`);
      if (found && isSame(found, dashboard, folderUid)) return "unchanged";
      await ask("POST", "dashboards/db", {
        dashboard: { ...dashboard, id: null },
        ...{ folderUid, overwrite: true, message: "Hopline's dashboards as code" },
      });
      return found ? "updated" : "created";
    },
  };
}

/** Sends one request and reads Grafana's answer; `find` takes 404 for an answer too. */
function asker(baseUrl: string, authorization: string) {
  async function send(method: Method, path: string, body?: unknown): Promise<Response> {
    const url = `${baseUrl.replace(/\/+$/, "")}/api/${path}`;
    const headers = {
      authorization,
      accept: "application/json",
      "content-type": "application/json",
    };
    try {
      return await fetch(url, {
        ...{ method, headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new UnavailableError(`Grafana does not answer at ${baseUrl}`, {}, { cause: error });
    }
  }

  async function ask(method: Method, path: string, body?: unknown): Promise<Json> {
    const response = await send(method, path, body);
    return response.ok ? readJson(response) : refuse(response, `${method} ${path}`);
  }

  async function find(path: string): Promise<Json | undefined> {
    const response = await send("GET", path);
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    return response.ok ? readJson(response) : refuse(response, `GET ${path}`);
  }

  return { ask, find };
}

const base64 = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Grafana adds a number of its own and counts versions. */
function isSame(found: Json, dashboard: DashboardJson, folderUid: string): boolean {
  const meta = found["meta"] as { folderUid?: unknown } | undefined; // both as documented
  const stored = { ...(found["dashboard"] as Json | undefined), id: undefined, version: undefined };
  return (
    meta?.folderUid === folderUid &&
    isDeepStrictEqual(stored, { ...dashboard, id: undefined, version: undefined })
  );
}

async function readJson(response: Response): Promise<Json> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) return body as Json; // fields are looked at one by one
  } catch {
    // said below
  }
  throw new UnavailableError("The answer is not Grafana's: give the address of Grafana itself");
}

async function refuse(response: Response, request: string): Promise<never> {
  const { status } = response;
  const reason = reasonOf(await response.text().catch(() => ""));
  const details = { status, request };
  switch (status) {
    case 401:
      throw new InvalidInputError(
        "credentials",
        "Grafana does not accept the token, or the user and password",
      );
    case 403:
      throw new InvalidInputError(
        "credentials",
        `Grafana does not allow ${request}: data sources need the role Admin${reason}`,
      );
    case 409:
    case 412:
      throw new ConflictError(
        `Grafana has something else of that name already (${request})${reason}`,
        details,
      );
    default:
      if (status >= 300 && status < 400) {
        throw new UnavailableError(
          "Grafana sends us elsewhere: give its own address, with https and its path",
          details,
        );
      }
      throw new UnavailableError(`Grafana answered ${status} to ${request}${reason}`, details);
  }
}

function reasonOf(text: string): string {
  let message = text;
  try {
    const body = JSON.parse(text) as { message?: unknown }; // Grafana's own errors have one
    if (typeof body.message === "string") message = body.message;
  } catch {
    // a proxy's page, as it is
  }
  return message === "" ? "" : `: ${message.slice(0, REASON_CHARACTERS_MAX)}`;
}
