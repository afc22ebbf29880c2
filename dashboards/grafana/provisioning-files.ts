import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { dashboards, FOLDER } from "./dashboards.ts";
import { dataSources } from "./data-sources.ts";
import type { DeploySettings } from "./settings.ts";

/** Grafana puts these in when it reads the files, so that no secret stands in one. */
const SECRETS = {
  GRAFANA_INFLUX_PASSWORD: "$HOPLINE_INFLUX_PASSWORD",
  GRAFANA_INFLUX_TOKEN: "$HOPLINE_INFLUX_TOKEN",
} as const;
const DATABASE_SECRET = "$HOPLINE_DATABASE_PASSWORD";

export interface ProvisioningFile {
  /** Below the folder that is asked for. */
  readonly path: string;
  readonly text: string;
}

/** Grafana reads only .yaml for providers and data sources; JSON is YAML. */
export function provisioningFiles(
  settings: DeploySettings,
  dir: string,
): readonly ProvisioningFile[] {
  const provider = {
    ...{ name: FOLDER.title, folder: FOLDER.title, folderUid: FOLDER.uid, type: "file" },
    allowUiUpdates: false,
    options: { path: path.join(path.resolve(dir), "dashboards") },
  };
  const sources = dataSources(withoutSecrets(settings));
  return [
    file("provisioning/dashboards/hopline.yaml", { apiVersion: 1, providers: [provider] }),
    file("provisioning/datasources/hopline.yaml", { apiVersion: 1, datasources: sources }),
    ...dashboards().map((dashboard) => file(`dashboards/${dashboard.uid}.json`, dashboard)),
  ];
}

export async function writeProvisioningFiles(
  settings: DeploySettings,
  dir: string,
): Promise<readonly string[]> {
  const files = provisioningFiles(settings, dir);
  for (const { path: name, text } of files) {
    const target = path.join(dir, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  return files.map(({ path: name }) => path.join(dir, name));
}

const file = (name: string, value: unknown): ProvisioningFile => ({
  path: name,
  text: `${JSON.stringify(value, null, 2)}\n`,
});

function withoutSecrets(settings: DeploySettings): DeploySettings {
  const hidden: Record<string, string> = {};
  for (const [name, reference] of Object.entries(SECRETS)) {
    if (settings[name as keyof typeof SECRETS] !== undefined) hidden[name] = reference; // SECRETS' own names
  }
  const url = new URL(settings.GRAFANA_DATABASE_URL);
  if (url.password !== "") url.password = DATABASE_SECRET;
  return { ...settings, ...hidden, GRAFANA_DATABASE_URL: url.href };
}
