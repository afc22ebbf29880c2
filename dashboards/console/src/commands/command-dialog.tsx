import "./commands.css";
import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { Loaded } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { isComplete } from "./argument-fields.tsx";
import { CommandForm } from "./command-form.tsx";
import { commandChanged, commandQuery, outlookQuery } from "./command-queries.ts";
import { CommandStory } from "./command-story.tsx";
import { useCommandWords } from "./command-words.ts";
import { bodyOf, type CommandTarget, NEW_DRAFT } from "./draft.ts";
import { useCommandSteps } from "./use-commands.ts";

interface CommandDialogProps {
  readonly terminal: CommandTarget;
  /** The command that is chosen at first. */
  readonly first?: string;
  readonly close: () => void;
}

/** From the choice of a command to the terminal's own word, live. */
export function CommandDialog({ terminal, first, close }: CommandDialogProps) {
  const { w } = useCommandWords();
  const { address, name } = terminal;
  const [sent, setSent] = useState<string>();
  useCommandSteps();
  const title = w("send.title", { name });
  if (sent !== undefined) return <Sent id={sent} title={title} close={close} />;
  return <Asking key={address} {...{ terminal, title, close, first }} sent={setSent} />;
}

interface SentProps {
  readonly id: string;
  readonly title: string;
  readonly close: () => void;
}

function Sent({ id, title, close }: SentProps) {
  const { w } = useCommandWords();
  const query = useQuery(commandQuery(id));
  return (
    <Modal
      open
      title={title}
      width={620}
      onCancel={close}
      onOk={close}
      okText={w("send.close")}
      cancelButtonProps={{ hidden: true }}
      className="command-dialog"
    >
      <Loaded query={query} rows={8}>
        {(command) => <CommandStory command={command} />}
      </Loaded>
    </Modal>
  );
}

const KEY_BYTES = 16;

/** Not `randomUUID`, which browsers give to pages of https alone. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

interface AskingProps {
  readonly terminal: CommandTarget;
  readonly title: string;
  readonly first: string | undefined;
  readonly close: () => void;
  readonly sent: (id: string) => void;
}

function Asking({ terminal, title, first, close, sent }: AskingProps) {
  const { w } = useCommandWords();
  const { address } = terminal;
  const profile = useProfiles().find(terminal.profile);
  const query = useQuery(outlookQuery(address));
  useLiveEvent(useLive(), "packet", (packet) => {
    if (packet.address === address) void query.refetch(); // the envelope may have changed
  });
  // what was sent and not answered is not sent twice: each draft has a key of its own
  const [{ draft, key }, setDraft] = useState(() => ({
    draft: { ...NEW_DRAFT, name: first },
    key: newKey(),
  }));
  const doing = useDoing();
  const command = profile?.commands.find(({ name }) => name === draft.name);
  const isReady =
    command !== undefined &&
    isComplete(command, draft.given) &&
    (!command.secondPerson || draft.note.trim() !== "");
  const send = (): Promise<boolean> =>
    doing.run(async () => {
      const body = bodyOf(terminal, draft);
      const headers = { "idempotency-key": key };
      const created = await answerOf(api.POST("/api/commands", { body, headers }));
      await commandChanged(created);
      sent(created.id);
    });
  return (
    <Modal
      open
      title={title}
      width={620}
      okText={w(command?.secondPerson === true ? "send.ask" : "send.now")}
      cancelText={w("send.cancel")}
      okButtonProps={{ disabled: !isReady }}
      confirmLoading={doing.isBusy}
      onOk={() => void send()}
      onCancel={close}
      className="command-dialog"
    >
      <Loaded query={query} rows={8}>
        {(outlook) => (
          <CommandForm
            terminal={terminal}
            commands={profile?.commands ?? []}
            outlook={outlook}
            draft={draft}
            change={(next) => {
              setDraft({ draft: next, key: newKey() });
            }}
            error={doing.error}
          />
        )}
      </Loaded>
    </Modal>
  );
}
