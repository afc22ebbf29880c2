import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { ApiError } from "../api/client.ts";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { commandQuery } from "./command-queries.ts";
import { CommandStory } from "./command-story.tsx";
import { useCommandWords } from "./command-words.ts";

interface CommandDrawerProps {
  readonly id: string;
  readonly close: () => void;
}

/** One command with everything that is known of it, and what one can do. */
export function CommandDrawer({ id, close }: CommandDrawerProps) {
  const { w } = useCommandWords();
  const isPhone = useIsPhone();
  const query = useQuery(commandQuery(id));
  const isMissing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Drawer
      open
      onClose={close}
      title={w("detail.title")}
      size={isPhone ? "100%" : 560}
      mask={isPhone}
      styles={{ body: { padding: "14px 0" } }}
    >
      {isMissing ? (
        <Empty title={w("detail.missing")} detail={w("detail.missing.detail")} />
      ) : (
        <Loaded query={query} rows={12}>
          {(command) => <CommandStory command={command} />}
        </Loaded>
      )}
    </Drawer>
  );
}
