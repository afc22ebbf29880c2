import { AppError } from "../../base/errors.ts";
import { type Credentials, createGrafanaClient, type GrafanaClient } from "./client.ts";
import { dashboards, FOLDER } from "./dashboards.ts";
import { dataSources } from "./data-sources.ts";
import { writeProvisioningFiles } from "./provisioning-files.ts";
import { type DeploySettings, readArguments, USAGE } from "./settings.ts";

/** Data sources first: a dashboard that names one that is not there shows errors. */
export async function deploy(
  client: GrafanaClient,
  settings: DeploySettings,
  say: (line: string) => void,
): Promise<void> {
  const { version } = await client.health();
  say(`Grafana ${version}`);
  for (const source of dataSources(settings)) {
    say(`data source ${source.name}: ${await client.putDataSource(source)}`);
  }
  say(`folder ${FOLDER.title}: ${await client.putFolder(FOLDER)}`);
  for (const dashboard of dashboards()) {
    say(`dashboard ${dashboard.title}: ${await client.putDashboard(dashboard, FOLDER.uid)}`);
  }
}

async function main(): Promise<void> {
  const say = (line: string): void => {
    console.log(line);
  };
  const given = readArguments(process.argv.slice(2), process.env);
  if (given.help) {
    say(USAGE);
    return;
  }
  const { settings } = given;
  if (settings.GRAFANA_OUT !== undefined) {
    for (const name of await writeProvisioningFiles(settings, settings.GRAFANA_OUT))
      say(`wrote ${name}`);
  }
  if (settings.GRAFANA_URL !== undefined) {
    await deploy(createGrafanaClient(settings.GRAFANA_URL, credentialsOf(settings)), settings, say);
  }
}

const credentialsOf = ({
  GRAFANA_TOKEN: token,
  GRAFANA_USERNAME: username = "",
  GRAFANA_PASSWORD: password = "",
}: DeploySettings): Credentials => (token === undefined ? { username, password } : { token });

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
