const FAULTS = ["missing", "changed", "chain-broken", "end-cut"] as const;
type ChainFault = (typeof FAULTS)[number];

export type ChainState =
  | { readonly is: "running"; readonly done: number; readonly total: number }
  | { readonly is: "whole"; readonly entries: number }
  | { readonly is: "faulty"; readonly number: string; readonly fault: ChainFault }
  | { readonly is: "failed" };

/** Reads the answer line by line as it comes; the last state is the result. */
export async function checkChain(progress: (state: ChainState) => void): Promise<ChainState> {
  try {
    const answer = await fetch("/api/audit/check", { method: "POST" });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!answer.ok || reader === undefined) return { is: "failed" };
    let last: ChainState = { is: "failed" };
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return last.is === "running" ? { is: "failed" } : last;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        last = stateOf(line);
        if (last.is === "running") progress(last);
      }
    }
  } catch {
    return { is: "failed" }; // it is said, and the button is there
  }
}

/** What a line of the answer says; anything else than the document describes is a failure. */
export function stateOf(line: string): ChainState {
  const said: unknown = JSON.parse(line);
  const fields = new Map<string, unknown>(
    typeof said === "object" && said !== null ? Object.entries(said) : [],
  );
  const fault = FAULTS.find((each) => each === fields.get("fault"));
  if (fields.has("total"))
    return { is: "running", done: Number(fields.get("done")), total: Number(fields.get("total")) };
  if (fields.get("ok") === true) return { is: "whole", entries: Number(fields.get("entries")) };
  if (fault !== undefined) return { is: "faulty", number: String(fields.get("number")), fault };
  return { is: "failed" };
}
