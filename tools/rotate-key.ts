import { type Static, Type } from "typebox";
import { systemClock } from "../base/clock.ts";
import { parseConfig, Settings } from "../base/config.ts";
import { AppError } from "../base/errors.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { rotateKeys } from "../domain/devices/key-rotation.ts";
import { forgetStagedLines, sealedTables } from "../domain/devices/key-rotation-postgres.ts";
import { openRotation } from "../domain/devices/key-seal-file.ts";

/**
 * `npm run rotate-key`: seals every root key and second factor under a new key-encryption key. Stop Hopline first.
 * Killed at any point and started again it goes on where it was.
 */
const RotationConfig = Type.Object({
  ...Type.Pick(Settings, ["DATA_DIR", "DATABASE_URL", "KEY_ENCRYPTION_KEY"]).properties,
  NEW_KEY_ENCRYPTION_KEY: Type.Optional(
    Type.String({
      pattern: "^[0-9A-Fa-f]{64}$",
      allowed: "64 hexadecimal digits",
      description: "key that takes the place of the old one; without it one is made in DATA_DIR",
    }),
  ),
});

async function rotate(config: Static<typeof RotationConfig>): Promise<void> {
  const db = await openDatabase(config);
  try {
    await migrate(db);
    await forgetStagedLines(db);
    const { from, to, finish } = openRotation(config);
    const resealed = await rotateKeys(sealedTables(db), { from, to }, ({ table, done, total }) => {
      console.log(`${table}: ${done} of ${total}`);
    });
    console.log(`${resealed} were sealed anew.`);
    console.log(finish(new Date(systemClock.now()).toISOString().slice(0, 10)));
  } finally {
    await db.destroy();
  }
}

try {
  await rotate(parseConfig(RotationConfig, process.env));
} catch (error) {
  if (error instanceof AppError) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}
