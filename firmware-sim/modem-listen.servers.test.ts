import { SerialPort } from "serialport";
import { expect, it } from "vitest";
import { silentLog } from "../base/log.ts";
import { ptyPair } from "../tests/gateway-lines.ts";
import { listenModem, pipeTo } from "./modem-listen.ts";
import { listenSerial } from "./modem-listen-serial.ts";
import { TestHost } from "./test-host.ts";
import { scene } from "./test-scene.ts";

const OUTSIDE = { log: silentLog, listenSerial };

async function openSerial(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 921_600, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  return port;
}

it("gives the same bytes through a serial line as through a pipe", async () => {
  const piped = scene();
  const throughPipe = await piped.run(new TestHost(pipeTo(piped.modem)));
  const pair = await ptyPair();
  const wired = scene();
  const port = await openSerial(pair.hostPath); // first: the modem greets as soon as it has its line
  const host = new TestHost(port);
  const url = `serial://${pair.modemPath}?baud=921600`;
  const listening = await listenModem(url, wired.modem, OUTSIDE);
  const throughSerial = await wired.run(host);
  await listening.stop();
  await new Promise<void>((resolve) => {
    port.close(() => {
      resolve();
    });
  });
  await pair.stop();
  expect(throughPipe.payloads).toBeGreaterThan(10);
  expect(throughSerial.bytes).toBe(throughPipe.bytes);
});
