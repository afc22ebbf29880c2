import { fleetDashboard } from "./fleet-dashboard.ts";
import { networkDashboard } from "./network-dashboard.ts";
import type { DashboardJson } from "./panels.ts";

export const FOLDER = { uid: "hopline", title: "Hopline" } as const;

export const dashboards = (): readonly DashboardJson[] => [fleetDashboard(), networkDashboard()];
