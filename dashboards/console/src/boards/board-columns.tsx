import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Board } from "../groups/groups-search.ts";
import type { BoardText } from "../i18n/boards.ts";
import { Age } from "../parts/age.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import type { BoardDevice } from "./board-queries.ts";
import { useBoardWords } from "./board-words.ts";

interface CellProps {
  readonly device: BoardDevice;
}

interface Column {
  readonly text: BoardText;
  readonly cell: (device: BoardDevice) => ReactNode;
}

const field = (board: Board, name: string): Column["cell"] =>
  function cell(device) {
    return <Value board={board} name={name} device={device} />;
  };

/** What each kind's list tells beside name, condition and age. */
export const COLUMNS: Readonly<Record<Board, readonly Column[]>> = {
  streetlight: [
    { text: "column.dim", cell: field("streetlight", "dim") },
    { text: "column.power", cell: field("streetlight", "power") },
    { text: "column.energy", cell: field("streetlight", "energy") },
  ],
  siren: [
    { text: "column.mains", cell: (device) => <Mains device={device} /> },
    { text: "column.battery", cell: field("siren", "battery") },
    { text: "column.sounded", cell: field("siren", "sounded") },
    { text: "column.test", cell: (device) => <SilentTest device={device} /> },
    { text: "column.drill", cell: (device) => <LastDrill device={device} /> },
  ],
  billboard: [
    { text: "column.slot", cell: field("billboard", "slot") },
    { text: "column.brightness", cell: field("billboard", "brightness") },
    { text: "column.energy", cell: field("billboard", "energy") },
  ],
};

interface ValueProps extends CellProps {
  readonly board: Board;
  readonly name: string;
}

function Value({ board, name, device }: ValueProps) {
  const profiles = useProfiles();
  const value = device.values[name]?.value ?? null;
  return value === null ? <span className="soft">–</span> : profiles.value(board, name, value);
}

function Mains({ device: { values } }: CellProps) {
  const { w } = useBoardWords();
  const value = values["mains"]?.value;
  if (typeof value !== "boolean") return <span className="soft">–</span>;
  return <span className={value ? "" : "alert-text"}>{w(value ? "mains.on" : "mains.off")}</span>;
}

/** The last self-test, if it was a silent one: how many drivers passed, and when. */
function SilentTest({ device: { values } }: CellProps) {
  const { w } = useBoardWords();
  const { silent, driversPassed: passed, drivers } = values;
  if (typeof silent?.value !== "boolean") return <span className="soft">{w("never")}</span>;
  if (!silent.value)
    return (
      <span className="soft">
        {w("test.loud")} <Age at={silent.measuredAt} />
      </span>
    );
  const isKnown = typeof passed?.value === "number" && typeof drivers?.value === "number";
  const isGood = isKnown && passed.value === drivers.value;
  return (
    <>
      {isKnown ? (
        <span className={isGood ? "" : "alert-text"}>
          {w("test.passed", { passed: String(passed.value), drivers: String(drivers.value) })}
        </span>
      ) : undefined}{" "}
      <span className="soft">
        <Age at={silent.measuredAt} />
      </span>
    </>
  );
}

function LastDrill({ device: { drill } }: CellProps) {
  const { w } = useBoardWords();
  if (drill === null) return <span className="soft">{w("never")}</span>;
  return (
    <Link
      to="/drills/$id"
      params={{ id: drill.id }}
      onClick={(event) => {
        event.stopPropagation(); // the line itself opens the terminal
      }}
    >
      <Age at={drill.startsAt} />
    </Link>
  );
}
