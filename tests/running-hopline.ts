import { type Program, startProgram } from "./program.ts";
import { until } from "./until.ts";

// What a user sees of a running Hopline: the address that it prints, and what that address answers.

export interface PacketSeen {
  readonly id: string;
  readonly address: number | null;
  readonly type: string;
  readonly verdict: string;
  readonly report: string | null;
  readonly storedAt: string;
}

export interface HealthSeen {
  readonly status: string;
  readonly parts: Readonly<Record<string, { readonly status: string; readonly doing: string }>>;
}

export interface Hopline extends Program {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  upload(path: string, csv: string): Promise<void>;
  health(): Promise<HealthSeen>;
  /** Newest first. */
  packets(query?: string): Promise<readonly PacketSeen[]>;
}

export async function startHopline(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  file = "main.ts",
): Promise<Hopline> {
  const program = startProgram(file, {
    args,
    env: { HTTP_PORT: "0", MQTT_PORT: "0", ...env },
  });
  const [, url = ""] = await program.says(/Hopline is ready: +(http:\S+)/);
  const cookie = args.some((arg) => arg === "--no-demo" || arg === "--empty")
    ? await signInAsFirst(url, program.output)
    : await signInByCard(url);
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(url + path, { headers: { cookie } });
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T; // the caller says what the API documents
  };
  return {
    ...program,
    get output() {
      return program.output;
    },
    url,
    get,
    async upload(path, csv) {
      const headers = { cookie, "content-type": "text/csv" };
      const answer = await fetch(url + path, { method: "POST", headers, body: csv });
      if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    },
    health: async () => (await (await fetch(`${url}/health`)).json()) as HealthSeen, // 503 is an answer, too
    async packets(query = "") {
      const { items } = await get<{ items: PacketSeen[] }>(`/api/packets?limit=500&${query}`);
      return items;
    },
  };
}

const cookieOf = (answer: Response): string =>
  (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

async function post(url: string, body: object, cookie = ""): Promise<Response> {
  const headers = { "content-type": "application/json", ...(cookie === "" ? {} : { cookie }) };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  return answer;
}

const signInByCard = async (url: string): Promise<string> =>
  cookieOf(await post(`${url}/api/demo/sign-in`, { role: "administrator" }));

/** As whoever read what the first start printed: the password must be changed before anything else. */
export async function signInAsFirst(url: string, output: string): Promise<string> {
  const [, email = "", present = ""] = /e-mail +(\S+)\s+password +(\S+)/.exec(output) ?? [];
  const cookie = cookieOf(await post(`${url}/api/sign-in`, { email, password: present }));
  await post(`${url}/api/me/password`, { present, next: "over the hop and far away" }, cookie);
  return cookie;
}

/** All of its terminals hold a session and so many packets have been accepted. */
export async function untilBusy(hopline: Hopline, terminals: number, packets: number) {
  await until(async () => {
    const { parts } = await hopline.health();
    return parts["simulator"]?.doing === `${terminals} of ${terminals} terminals attached`;
  });
  await until(async () => (await hopline.packets("verdict=new")).length >= packets);
  return hopline.packets();
}
