import { SerialPort } from "serialport";
import { UnavailableError } from "../base/errors.ts";
import { every } from "../base/every.ts";
import type { ListenSerial } from "./modem-listen.ts";

const REOPEN_MS = 1000;

/** The modem at the far end of a serial device, 8N1; a device that goes away is opened again when it is back. */
export const listenSerial: ListenSerial = async (device, modem, log) => {
  let port: SerialPort | undefined;
  const plugIn = async (): Promise<void> => {
    const opened = await open(device);
    port = opened;
    opened.on("close", () => {
      if (port === opened) port = undefined;
      log.warn({ path: device.path }, "modem line closed");
    });
    modem.connect(opened);
    log.info({ path: device.path }, "modem line opened");
  };
  await plugIn();
  const reopening = every(
    REOPEN_MS,
    async () => {
      if (!port) await plugIn();
    },
    () => undefined, // still away; said once when it closed
  );
  return {
    url: `serial://${device.path}`,
    async stop() {
      await reopening.stop();
      const open = port;
      port = undefined;
      if (open?.isOpen) {
        await new Promise<void>((resolve) => {
          open.close(() => {
            resolve();
          });
        });
      }
    },
  };
};

function open({ path, baudRate }: { path: string; baudRate: number }): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort(
      { path, baudRate, dataBits: 8, stopBits: 1, parity: "none" },
      (error) => {
        if (error)
          reject(new UnavailableError(`serial device ${path}: ${error.message}`, { path }));
        else resolve(port);
      },
    );
  });
}
