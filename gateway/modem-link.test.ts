import { expect, it } from "vitest";
import { silentLog } from "../base/log.ts";
import { listenModem } from "../firmware-sim/modem-listen.ts";
import { listenSerial } from "../firmware-sim/modem-listen-serial.ts";
import { bursts, hearThrough } from "../tests/gateway-lines.ts";
import { dialTcp } from "./transport-tcp.ts";

it("makes packets of what a simulated modem hears, and only such as were sent, each once", async () => {
  const scene = bursts();
  const { payloads, counters } = await hearThrough(scene, scene.pipe);
  expect(payloads.length).toBeGreaterThan(30);
  expect(new Set(payloads).size).toBe(payloads.length);
  for (const payload of payloads) expect(scene.sent).toContain(payload);
  expect(counters.get("replicasRecognised")).toBeGreaterThan(payloads.length);
});

it("makes the same packets over TCP as over a pipe", async () => {
  const [piped, remote] = [bursts(), bursts()];
  const overPipe = await hearThrough(piped, piped.pipe);
  const listening = await listenModem("tcp://127.0.0.1:0", remote.taker, {
    log: silentLog,
    listenSerial,
  });
  const { hostname, port } = new URL(listening.url ?? "");
  const overTcp = await hearThrough(remote, () => dialTcp(hostname, Number(port)));
  await listening.stop();
  expect(overTcp.packets).toEqual(overPipe.packets);
});
