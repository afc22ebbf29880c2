import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { type Static, Type } from "typebox";
import { CASE_BUTTONS, SIMULATED_STATES } from "../domain/devices/simulated-terminal.ts";
import type { KnownSimulated } from "../domain/devices/simulated-terminals.ts";
import { actOf } from "./http/caller.ts";
import { Problem } from "./http/problem.ts";
import type { ApiReads } from "./reads.ts";
import { AddressParams, READ_REFUSALS } from "./stock-views.ts";
import { Address } from "./views.ts";

const tags = ["simulation"];

const SimulatedView = Type.Object({
  address: Address,
  serial: Type.String(),
  profile: Type.String(),
  state: Type.Enum([...SIMULATED_STATES], {
    description: "off: silent as it came from the factory; calling: waits for the network's answer",
  }),
  buttons: Type.Array(Type.Enum([...CASE_BUTTONS]), {
    description: "on its case, that do something now; attach also switches it on",
  }),
});

const view = ({
  address,
  serial,
  profile,
  state,
  buttons,
}: KnownSimulated): Static<typeof SimulatedView> => ({
  ...{ address, serial, profile, state },
  buttons: [...buttons],
});

/** What a field engineer's hands do to a terminal, where the terminals are simulated in this process; else all is 404. */
export const simulatedRoutes: FastifyPluginAsyncTypebox<ApiReads> = async (
  app,
  { simulated, clock },
) => {
  app.get(
    "/simulated-terminals",
    {
      config: { action: "jobs:write" },
      schema: {
        operationId: "simulatedTerminals",
        tags,
        description: "Simulated terminals in stock; 404 in an installation that simulates nothing",
        response: { 200: Type.Object({ items: Type.Array(SimulatedView) }), ...READ_REFUSALS },
      },
    },
    async () => ({ items: (await simulated.inStock()).map(view) }),
  );

  app.get(
    "/simulated-terminals/:address",
    {
      config: { action: "jobs:write" },
      schema: {
        operationId: "simulatedTerminal",
        tags,
        description: "A simulated terminal as one finds it; 404 for any other",
        params: AddressParams,
        response: { 200: SimulatedView, ...READ_REFUSALS },
      },
    },
    async ({ params, reach }) => view(await simulated.find(params.address, reach)),
  );

  app.post(
    "/simulated-terminals/:address/presses",
    {
      config: { action: "jobs:write" },
      schema: {
        operationId: "pressSimulatedTerminal",
        tags,
        description:
          "Presses a button of a simulated terminal; what comes of it takes the real way, by radio. 409 where it has no such button or is switched off",
        params: AddressParams,
        body: Type.Object({ button: Type.Enum([...CASE_BUTTONS]) }),
        response: { 200: SimulatedView, ...READ_REFUSALS, 409: Problem },
      },
    },
    async (request) => {
      const { params, body, reach } = request;
      const act = actOf(request, clock.now());
      return view(await simulated.press(params.address, body.button, act, reach));
    },
  );
};
