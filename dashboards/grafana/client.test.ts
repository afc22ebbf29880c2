import { test as base, describe, expect } from "vitest";
import { createGrafanaClient } from "./client.ts";
import { dashboards, FOLDER } from "./dashboards.ts";
import { dataSources } from "./data-sources.ts";
import { ADMIN, ADMIN_TOKEN, startTestGrafana, VIEWER_TOKEN } from "./test-grafana.ts";
import { SETTINGS } from "./test-settings.ts";

const test = base.extend("grafana", async ({}, { onCleanup }) => {
  const grafana = await startTestGrafana();
  onCleanup(() => grafana.stop());
  return grafana;
});

const [influx, postgres] = dataSources(SETTINGS);
const [fleet] = dashboards();
if (!influx || !postgres || !fleet) throw new RangeError("there are data sources and dashboards");

describe("Grafana's client, on a server of ours that behaves as Grafana's documentation says", () => {
  test("creates, and the second time finds nothing to change", async ({ grafana }) => {
    const client = createGrafanaClient(`${grafana.url}/`, { token: ADMIN_TOKEN });
    expect(await client.health()).toEqual({ version: "12.0.0" });
    expect(await client.putFolder(FOLDER)).toBe("created");
    expect(await client.putDataSource(influx)).toBe("created");
    expect(await client.putDashboard(fleet, FOLDER.uid)).toBe("created");

    expect(await client.putFolder(FOLDER)).toBe("unchanged");
    expect(await client.putDataSource(influx)).toBe("updated");
    expect(await client.putDashboard(fleet, FOLDER.uid)).toBe("unchanged");
    expect(grafana.dashboards.get(fleet.uid)).toMatchObject({
      dashboard: { ...fleet, version: 1 },
      folderUid: FOLDER.uid,
    });
    expect(grafana.dataSources.size).toBe(1);
  });

  test("takes back what was changed by hand, under the same uid", async ({ grafana }) => {
    const client = createGrafanaClient(grafana.url, ADMIN);
    await client.putFolder({ ...FOLDER, title: "Old" });
    await client.putDataSource({ ...influx, url: "http://elsewhere" });
    await client.putDashboard({ ...fleet, title: "Mine" }, FOLDER.uid);

    expect(await client.putFolder(FOLDER)).toBe("updated");
    expect(await client.putDataSource(influx)).toBe("updated");
    expect(await client.putDashboard(fleet, FOLDER.uid)).toBe("updated");
    expect(grafana.folders.get(FOLDER.uid)).toMatchObject({ title: FOLDER.title });
    expect(grafana.dataSources.get(influx.uid)).toMatchObject({ url: influx.url });
    expect(grafana.dashboards.get(fleet.uid)?.dashboard).toMatchObject({
      title: fleet.title,
      version: 2,
    });
  });

  test("moves a dashboard that lies in another folder", async ({ grafana }) => {
    const client = createGrafanaClient(grafana.url, ADMIN);
    await client.putFolder(FOLDER);
    await client.putFolder({ uid: "other", title: "Other" });
    await client.putDashboard(fleet, "other");
    expect(await client.putDashboard(fleet, FOLDER.uid)).toBe("updated");
    expect(grafana.dashboards.get(fleet.uid)?.folderUid).toBe(FOLDER.uid);
  });

  test("says that the credentials are wrong, and never which they were", async ({ grafana }) => {
    const client = createGrafanaClient(grafana.url, { token: "a-wrong-token" });
    const failed = client.putFolder(FOLDER);
    await expect(failed).rejects.toMatchObject({ code: "invalid_input" });
    await expect(failed).rejects.toThrow(/does not accept the token/);
    await expect(failed).rejects.not.toThrow(/a-wrong-token/);
  });

  test("says what a role may not do", async ({ grafana }) => {
    const client = createGrafanaClient(grafana.url, { token: VIEWER_TOKEN });
    await expect(client.putDataSource(influx)).rejects.toThrow(
      /does not allow POST datasources: .*Admin.*additional permissions/,
    );
  });

  test("says that the name is taken by another data source", async ({ grafana }) => {
    const client = createGrafanaClient(grafana.url, ADMIN);
    await client.putDataSource({ ...influx, uid: "by-hand" });
    const failed = client.putDataSource(influx);
    await expect(failed).rejects.toMatchObject({ code: "conflict" });
    await expect(failed).rejects.toThrow(/same name already exists/);
  });

  test("leaves alone a data source that Grafana has from a file", async ({ grafana }) => {
    const client = createGrafanaClient(grafana.url, ADMIN);
    grafana.dataSources.set(postgres.uid, { name: postgres.name, readOnly: true });
    await expect(client.putDataSource(postgres)).rejects.toThrow(/comes from a file/);
    expect(grafana.requests.filter((request) => request.startsWith("PUT"))).toEqual([]);
  });

  test.for([
    [200, "<html>a page</html>", /not Grafana's/],
    [200, "{}", /not Grafana$/],
    [200, '{"database":"failing","version":"12.0.0"}', /database does not work/],
    [302, "", /sends us elsewhere/],
    [502, "Bad Gateway", /502 to GET health: Bad Gateway/],
  ] as const)(
    "says that what answers %s %s is no Grafana at work",
    async ([status, body, message], { grafana }) => {
      grafana.broken = { status, body };
      const failed = createGrafanaClient(grafana.url, ADMIN).health();
      await expect(failed).rejects.toMatchObject({ code: "unavailable" });
      await expect(failed).rejects.toThrow(message);
    },
  );

  test("says that nobody answers", async ({ grafana }) => {
    await grafana.stop();
    const failed = createGrafanaClient(grafana.url, ADMIN).health();
    await expect(failed).rejects.toThrow(`Grafana does not answer at ${grafana.url}`);
  });
});
