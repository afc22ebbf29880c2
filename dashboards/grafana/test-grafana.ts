import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/**
 * For tests: what Grafana's HTTP API documents of the endpoints that client.ts uses, kept in memory. Grafana itself is
 * neither in Debian nor on npm, so the client has been tried on this and on no real Grafana.
 */
export interface TestGrafana {
  readonly url: string;
  readonly folders: Map<string, Json>;
  readonly dataSources: Map<string, Json>;
  /** As saved: the dashboard with Grafana's own id and version. */
  readonly dashboards: Map<string, { readonly dashboard: Json; readonly folderUid: string }>;
  /** Method and path of everything that was asked. */
  readonly requests: string[];
  /** Answers this to everything instead. */
  broken: { readonly status: number; readonly body: string } | undefined;
  stop(): Promise<void>;
}

export const ADMIN_TOKEN = "admin-token";
export const VIEWER_TOKEN = "viewer-token";
export const ADMIN = { username: "admin", password: "pässword" } as const;

type Json = Readonly<Record<string, unknown>>;
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface State {
  readonly folders: Map<string, Json>;
  readonly dataSources: Map<string, Json>;
  readonly dashboards: Map<string, { readonly dashboard: Json; readonly folderUid: string }>;
  readonly requests: string[];
  broken: TestGrafana["broken"];
  lastId: number;
}

export async function startTestGrafana(): Promise<TestGrafana> {
  const state: State = {
    folders: new Map(),
    dataSources: new Map(),
    dashboards: new Map(),
    requests: [],
    broken: undefined,
    lastId: 0,
  };
  const server = createServer((request, response) => {
    void serve(state, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  });
}

async function serve(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = `${request.method ?? ""} ${request.url ?? ""}`;
  state.requests.push(asked);
  request.setEncoding("utf8");
  let text = "";
  for await (const part of request) text += String(part);
  if (state.broken) {
    response.writeHead(state.broken.status, { location: "/login" }).end(state.broken.body);
    return;
  }
  const { authorization = "" } = request.headers;
  const body = text === "" ? {} : (JSON.parse(text) as Json);
  const answer = refusalOf(authorization, asked) ?? answerTo(state, asked, body);
  response
    .writeHead(answer.status, { "content-type": "application/json" })
    .end(JSON.stringify(answer.body));
}

const HEALTH = "GET /api/health";

function refusalOf(authorization: string, asked: string): Answer | undefined {
  if (asked === HEALTH) return undefined;
  if (authorization === `Bearer ${VIEWER_TOKEN}`) {
    if (asked.startsWith("GET ")) return undefined;
    return refusal(403, "You'll need additional permissions to perform this action.");
  }
  const isAdmin = authorization === `Bearer ${ADMIN_TOKEN}` || authorization === BASIC;
  return isAdmin ? undefined : refusal(401, "Unauthorized");
}

const PATH =
  /^(\w+) \/api\/(folders|datasources\/uid|datasources|dashboards\/uid|dashboards\/db)(?:\/(.*))?$/;

type Endpoint = (state: State, uid: string, body: Json) => Answer;

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "GET folders": ({ folders }, uid) => stored(folders.get(uid), "folder not found"),
  "POST folders": (state, _uid, body) =>
    save(state.folders, String(body["uid"]), { id: ++state.lastId, ...body }),
  "PUT folders": changeFolder,
  "GET datasources/uid": ({ dataSources }, uid) =>
    stored(dataSources.get(uid), "Data source not found"),
  "POST datasources": (state, _uid, body) => addDataSource(state, body),
  "PUT datasources/uid": changeDataSource,
  "GET dashboards/uid": (state, uid) => stored(dashboardView(state, uid), "Dashboard not found"),
  "POST dashboards/db": (state, _uid, body) => saveDashboard(state, body),
};

function answerTo(state: State, asked: string, body: Json): Answer {
  if (asked === HEALTH) {
    return { status: 200, body: { commit: "0", database: "ok", version: "12.0.0" } };
  }
  const [, method = "", path = "", uid = ""] = PATH.exec(asked) ?? [];
  const endpoint = ENDPOINTS[`${method} ${path}`];
  return endpoint ? endpoint(state, uid, body) : refusal(404, "Not found");
}

function changeFolder({ folders }: State, uid: string, body: Json): Answer {
  const found = folders.get(uid);
  if (!found) return refusal(404, "folder not found");
  if (body["overwrite"] !== true)
    return refusal(412, "The folder has been changed by someone else");
  return save(folders, uid, { ...found, title: body["title"] });
}

/** Secrets are kept apart and never told again. */
function withoutSecrets({ secureJsonData = {}, ...open }: Json): Json {
  return { ...open, secureJsonFields: Object.keys(secureJsonData as Json) };
}

function addDataSource(state: State, body: Json): Answer {
  const names = [...state.dataSources.values()].map(({ name }) => name);
  if (names.includes(body["name"])) {
    return refusal(409, "data source with the same name already exists");
  }
  const source = { id: ++state.lastId, ...withoutSecrets(body) };
  return save(state.dataSources, String(body["uid"]), source);
}

function changeDataSource({ dataSources }: State, uid: string, body: Json): Answer {
  const found = dataSources.get(uid);
  if (!found) return refusal(404, "Data source not found");
  return save(dataSources, uid, { ...found, ...withoutSecrets(body) });
}

function dashboardView({ dashboards }: State, uid: string): Json | undefined {
  const found = dashboards.get(uid);
  return found && { dashboard: found.dashboard, meta: { folderUid: found.folderUid } };
}

function saveDashboard(state: State, body: Json): Answer {
  const given = body["dashboard"] as Json; // what our client sends
  const uid = String(given["uid"]);
  const folderUid = String(body["folderUid"]);
  if (!state.folders.has(folderUid)) return refusal(400, "folder not found");
  const before = state.dashboards.get(uid);
  if (before && body["overwrite"] !== true) return refusal(412, "version-mismatch");
  const version = Number(before?.dashboard["version"] ?? 0) + 1;
  const id = before?.dashboard["id"] ?? ++state.lastId;
  state.dashboards.set(uid, { dashboard: { ...given, id, version }, folderUid });
  return { status: 200, body: { status: "success", uid, version } };
}

const BASIC = "Basic YWRtaW46cMOkc3N3b3Jk"; // admin:pässword, by coreutils' base64

const refusal = (status: number, message: string): Answer => ({ status, body: { message } });

function save(where: Map<string, Json>, uid: string, value: Json): Answer {
  where.set(uid, value);
  return { status: 200, body: value };
}

const stored = (value: Json | undefined, missing: string): Answer =>
  value ? { status: 200, body: value } : refusal(404, missing);
