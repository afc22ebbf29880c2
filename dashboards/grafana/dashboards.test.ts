import * as units from "@grafana/grafana-foundation-sdk/units";
import { describe, expect, it } from "vitest";
import { dashboards } from "./dashboards.ts";
import type { DashboardJson } from "./panels.ts";
import { INFLUX_SOURCE, POSTGRES_SOURCE } from "./queries.ts";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly {
    readonly refId: string;
    readonly datasource: { readonly uid: string };
  }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit: string };
    readonly overrides: readonly { readonly properties: readonly { readonly value: string }[] }[];
  };
}

const panelsOf = (dashboard: DashboardJson): readonly Panel[] =>
  dashboard.panels as unknown as Panel[]; // the fields that are looked at
const all = dashboards();
const panels = all.flatMap(panelsOf);
const drawn = panels.filter(({ type }) => type !== "row");
const SOURCES: readonly string[] = [INFLUX_SOURCE.uid, POSTGRES_SOURCE.uid];
const UNITS: readonly string[] = Object.values(units).filter((unit) => typeof unit === "string");

it("there are a fleet and a network dashboard", () => {
  expect(all.map(({ uid }) => uid)).toEqual(["hopline-fleet", "hopline-network"]);
  expect(drawn.length).toBeGreaterThan(40);
});

it("dashboards built again are the same, to the letter", () => {
  expect(JSON.stringify(dashboards())).toBe(JSON.stringify(all));
});

describe.each(all.map((dashboard) => ({ title: dashboard.title, dashboard })))(
  "$title",
  ({ dashboard }) => {
    const own = panelsOf(dashboard);

    it("has panels with titles and numbers of their own", () => {
      expect(new Set(own.map(({ title }) => title)).size).toBe(own.length);
      expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
    });

    it("has panels that lie within the grid and not on each other", () => {
      const taken = new Set<string>();
      for (const { title, gridPos } of own) {
        expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect(taken.has(`${x} ${y}`), `${title} lies on another panel`).toBe(false);
            taken.add(`${x} ${y}`);
          }
        }
      }
    });

    it("fits what Grafana takes for a uid", () => {
      expect(dashboard.uid).toMatch(/^[a-z-]{1,40}$/);
    });
  },
);

describe.each(drawn.map((panel) => ({ title: panel.title, panel })))(
  "panel $title",
  ({ panel }) => {
    it("says in a sentence what it shows", () => {
      expect(panel.description).toMatch(/^[A-Z].{30,}\.$/);
    });

    it("asks data sources of ours, each query under a letter of its own", () => {
      const { targets = [] } = panel;
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const { datasource } of targets) expect(SOURCES).toContain(datasource.uid);
      expect(SOURCES).toContain(panel.datasource?.uid);
    });

    it("has units that Grafana knows", () => {
      const { defaults, overrides } = panel.fieldConfig ?? {
        defaults: { unit: "?" },
        overrides: [],
      };
      const used = [
        defaults.unit,
        ...overrides.flatMap(({ properties }) => properties.map(({ value }) => value)),
      ];
      for (const unit of used) {
        if (!/^(currency|suffix):/.test(unit)) expect(UNITS).toContain(unit);
      }
    });
  },
);
