import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createGrafanaClient } from "./client.ts";
import { dashboards } from "./dashboards.ts";
import { dataSources } from "./data-sources.ts";
import { deploy } from "./deploy.ts";
import { provisioningFiles, writeProvisioningFiles } from "./provisioning-files.ts";
import { readArguments, USAGE } from "./settings.ts";
import { ADMIN_TOKEN, startTestGrafana } from "./test-grafana.ts";
import { SETTINGS } from "./test-settings.ts";

const SOURCES = [
  "--influx-url",
  SETTINGS.GRAFANA_INFLUX_URL,
  "--database-url",
  SETTINGS.GRAFANA_DATABASE_URL,
];

describe("a deployment", () => {
  it("brings everything, data sources before the dashboards that need them, and may be repeated", async () => {
    const grafana = await startTestGrafana();
    try {
      const client = createGrafanaClient(grafana.url, { token: ADMIN_TOKEN });
      const said: string[] = [];
      await deploy(client, SETTINGS, (line) => said.push(line));
      await deploy(client, SETTINGS, (line) => said.push(line));
      const names = (state: string, source = state) => [
        "Grafana 12.0.0",
        `data source Hopline InfluxDB: ${source}`,
        `data source Hopline PostgreSQL: ${source}`,
        `folder Hopline: ${state}`,
        `dashboard Hopline fleet: ${state}`,
        `dashboard Hopline network: ${state}`,
      ];
      expect(said).toEqual([...names("created"), ...names("unchanged", "updated")]);
      for (const { uid } of dashboards()) {
        expect(grafana.dashboards.get(uid)?.dashboard["version"]).toBe(1);
      }
      expect(grafana.dataSources.get("hopline-postgresql")).toMatchObject({
        url: "db:5432",
        user: "hopline_grafana",
        jsonData: { database: "hopline", sslmode: "disable" },
        secureJsonFields: ["password"],
      });
    } finally {
      await grafana.stop();
    }
  });
});

describe("files for Grafana to provision from", () => {
  it("are the same each time they are written, and hold the dashboards", async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "hopline-grafana-"));
    try {
      const names = await writeProvisioningFiles(SETTINGS, dir);
      const first = await Promise.all(names.map((name) => readFile(name, "utf8")));
      await writeProvisioningFiles(SETTINGS, dir);
      expect(await Promise.all(names.map((name) => readFile(name, "utf8")))).toEqual(first);
      expect(names.map((name) => path.relative(dir, name))).toEqual([
        "provisioning/dashboards/hopline.yaml",
        "provisioning/datasources/hopline.yaml",
        "dashboards/hopline-fleet.json",
        "dashboards/hopline-network.json",
      ]);
      expect(first.slice(2).map((text) => JSON.parse(text) as unknown)).toEqual(dashboards());
      const provider = JSON.parse(first[0] ?? "") as { providers: { options: { path: string } }[] };
      expect(provider.providers[0]?.options.path).toBe(path.join(dir, "dashboards"));
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it("hold no secret: Grafana takes those from its environment", () => {
    const secrets = {
      ...SETTINGS,
      GRAFANA_TOKEN: "secret-1",
      GRAFANA_INFLUX_TOKEN: "secret-2",
      GRAFANA_DATABASE_URL: "postgres://reader:secret-3@db/hopline",
    };
    const text = provisioningFiles(secrets, "out")
      .map((file) => file.text)
      .join("");
    expect(text).not.toMatch(/secret-\d/);
    expect(text).toContain('"httpHeaderValue1": "Token $HOPLINE_INFLUX_TOKEN"');
    expect(text).toContain('"password": "$HOPLINE_DATABASE_PASSWORD"');
  });
});

describe("data sources", () => {
  it("take user and password from the database's URL as they are meant", () => {
    expect(dataSources(SETTINGS)[1]).toMatchObject({
      type: "grafana-postgresql-datasource",
      secureJsonData: { password: "p@ss" },
    });
  });

  it("ask for TLS unless the URL says otherwise", () => {
    const settings = { ...SETTINGS, GRAFANA_DATABASE_URL: "postgres://reader@[::1]:5433/hopline" };
    expect(dataSources(settings)[1]).toMatchObject({
      url: "[::1]:5433",
      jsonData: { sslmode: "require" },
      secureJsonData: {},
    });
  });

  it("sign in to InfluxDB by token, by user and password, or not at all", () => {
    const token = { ...SETTINGS, GRAFANA_INFLUX_TOKEN: "t" };
    const user = { ...SETTINGS, GRAFANA_INFLUX_USERNAME: "u", GRAFANA_INFLUX_PASSWORD: "p" };
    expect(dataSources(token)[0]).toMatchObject({
      jsonData: { httpHeaderName1: "Authorization" },
      secureJsonData: { httpHeaderValue1: "Token t" },
    });
    expect(dataSources(user)[0]).toMatchObject({ user: "u", secureJsonData: { password: "p" } });
    expect(dataSources(SETTINGS)[0]?.secureJsonData).toEqual({});
  });
});

describe("arguments", () => {
  it("come by flag before environment", () => {
    const given = readArguments([...SOURCES, "--out", "here"], {
      GRAFANA_OUT: "there",
      GRAFANA_INFLUX_DATABASE: "other",
    });
    expect(given).toMatchObject({
      settings: { ...SETTINGS, GRAFANA_OUT: "here", GRAFANA_INFLUX_DATABASE: "other" },
    });
  });

  it("are all named in the usage", () => {
    expect(readArguments(["--help"], {})).toEqual({ help: true });
    expect(USAGE).toMatch(/--database-url +GRAFANA_DATABASE_URL +PostgreSQL as Grafana reaches it/);
  });

  it.each([
    [
      "everything that is missing at once",
      [],
      /GRAFANA_INFLUX_URL.*\n.*GRAFANA_DATABASE_URL.*\n.*nothing to do/,
    ],
    [
      "a Grafana without credentials",
      [...SOURCES, "--url", "http://g"],
      /GRAFANA_TOKEN .*must be set/,
    ],
    [
      "a user without a password",
      [...SOURCES, "--url", "http://g", "--username", "u"],
      /GRAFANA_TOKEN .*must be set/,
    ],
    [
      "a URL that is none",
      [...SOURCES, "--out", "o", "--url", "g:3000", "--token", "t"],
      /GRAFANA_URL .*must be a URL/,
    ],
    [
      "a database without a user",
      ["--out", "o", "--influx-url", "http://i", "--database-url", "postgres://db/h"],
      /GRAFANA_DATABASE_URL .*must be postgres:/,
    ],
    [
      "a way of TLS that Grafana has not",
      [
        "--out",
        "o",
        "--influx-url",
        "http://i",
        "--database-url",
        "postgres://u@db/h?sslmode=prefer",
      ],
      /sslmode must be one of disable, require/,
    ],
    [
      "a password that is not encoded",
      ["--out", "o", "--influx-url", "http://i", "--database-url", "postgres://u:100%@db/h"],
      /write % as %25/,
    ],
    ["a flag that there is not", ["--uri", "x"], /--uri.*\n?.*Allowed: --url/],
  ])("refuse %s", (_, given, message) => {
    expect(() => readArguments(given, {})).toThrow(message);
  });

  it("never show a value that was refused", () => {
    expect(() => readArguments(["--database-url", "secret"], {})).toThrow(/^(?!.*secret)/s);
  });
});
