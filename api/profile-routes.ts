import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { needsSecondPerson } from "../domain/commands/command-class.ts";
import { rangeOf } from "../domain/commands/command-of-profile.ts";
import type { Profile, ProfileField } from "../domain/devices/profile.ts";
import type { ApiReads } from "./reads.ts";
import { ProfileView, type ProfileViewType } from "./views.ts";

export const profileRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (app, { profiles }) => {
  const views = [...profiles.byName.values()].map(profileView);
  app.get(
    "/profiles",
    {
      config: { action: "catalogue:read" },
      schema: {
        operationId: "profiles",
        tags: ["terminals"],
        description: "The device types: what their reports hold and how it is shown",
        response: { 200: Type.Array(ProfileView) },
      },
    },
    async () => views,
  );
};

const fieldView = (field: ProfileField) => ({
  ...{ name: field.name, label: field.label, unit: field.unit, kind: field.kind },
  ...(field.values === undefined ? {} : { values: [...field.values] }),
  ...(field.valueLabels === undefined ? {} : { valueLabels: [...field.valueLabels] }),
});

function argumentView(argument: ProfileField) {
  if (argument.kind === "bool" || argument.kind === "enum") return fieldView(argument);
  const [minimum, maximum] = rangeOf(argument);
  return { ...fieldView(argument), minimum, maximum, step: argument.scale };
}

const profileView = (profile: Profile): ProfileViewType => ({
  number: profile.number,
  name: profile.name,
  label: profile.label,
  icon: profile.icon,
  reports: profile.reports.map(({ number, name, label, fields }) => ({
    number,
    name,
    label,
    fields: fields.map(fieldView),
  })),
  commands: profile.commands.map((command) => ({
    ...{ name: command.name, label: command.label, safetyClass: command.safetyClass },
    secondPerson: needsSecondPerson(command),
    arguments: command.arguments.map(argumentView),
  })),
  events: profile.events.map(({ name, label, report, field, equals, severity }) => ({
    name,
    label,
    report,
    field,
    equals,
    severity,
  })),
  panels: profile.panels.map(({ title, fields, kind }) => ({ title, fields: [...fields], kind })),
});
