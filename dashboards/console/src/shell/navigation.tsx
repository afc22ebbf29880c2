import { Link } from "@tanstack/react-router";
import { Drawer } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { useMay, useMe } from "../identity/me.tsx";
import { Icon } from "../parts/icon.tsx";
import { GROUPS, PLACES, type Place } from "./places.ts";
import { PORTAL_PLACES } from "./portal-places.ts";
import { LanguageSwitch, ThemeSwitch } from "./switches.tsx";

const STORED_AS = "hopline.sidebar";
const IN_BAR = 4;

/** The operator's people have the console, a customer's people the portal. */
export function usePlaces(): readonly Place[] {
  const may = useMay();
  const places = useMe().customerId === null ? PLACES : PORTAL_PLACES;
  return places.filter(({ action }) => may(action));
}

/** At a desk: all places by group at the side; folded, their pictures. */
export function Sidebar() {
  const { t } = useSpeech();
  const places = usePlaces();
  const [isFolded, setFolded] = useState(() => window.localStorage.getItem(STORED_AS) === "folded");
  const turn = (): void => {
    setFolded(!isFolded);
    window.localStorage.setItem(STORED_AS, isFolded ? "open" : "folded");
  };
  const text = t(isFolded ? "nav.unfold" : "nav.fold");
  return (
    <nav className={`sidebar ${isFolded ? "sidebar-folded" : ""}`} aria-label={t("nav.label")}>
      <Groups places={places} isFolded={isFolded} />
      <button
        type="button"
        className="sidebar-turn"
        aria-label={text}
        title={text}
        aria-expanded={!isFolded}
        onClick={turn}
      >
        <Icon name={isFolded ? "right" : "left"} />
        {isFolded ? undefined : <span>{text}</span>}
      </button>
    </nav>
  );
}

interface GroupsProps {
  readonly places: readonly Place[];
  readonly isFolded?: boolean;
  readonly onGo?: () => void;
}

function Groups({ places, isFolded = false, onGo }: GroupsProps) {
  const { t } = useSpeech();
  return GROUPS.map((group) => {
    const own = places.filter((place) => place.group === group);
    if (own.length === 0) return undefined;
    return (
      <section key={group} className="place-group">
        <h2 className={isFolded ? "visually-hidden" : ""}>{t(`nav.group.${group}`)}</h2>
        {own.map((place) => (
          <PlaceLink key={place.to} place={place} onGo={onGo} />
        ))}
      </section>
    );
  });
}

interface PlaceLinkProps {
  readonly place: Place;
  readonly onGo?: (() => void) | undefined;
}

function PlaceLink({ place: { to, icon, text, keys, isApart }, onGo }: PlaceLinkProps) {
  const { t } = useSpeech();
  const title = `${t(text)} (${keys})`;
  const inside = (
    <>
      <Icon name={icon} />
      <span>{t(text)}</span>
    </>
  );
  if (isApart === true)
    return (
      <a href={to} className="place" title={title}>
        {inside}
      </a>
    );
  return (
    <Link
      to={to}
      className="place"
      activeOptions={{ exact: to === "/", includeSearch: false }}
      title={title}
      onClick={onGo}
    >
      {inside}
    </Link>
  );
}

/** On a phone: the first places at the thumb, the others behind "More". */
export function BottomBar() {
  const { t } = useSpeech();
  const places = usePlaces();
  const [isOpen, setOpen] = useState(false);
  const close = (): void => {
    setOpen(false);
  };
  return (
    <nav className="places-bottom" aria-label={t("nav.label")}>
      {places.slice(0, IN_BAR).map((place) => (
        <PlaceLink key={place.to} place={place} />
      ))}
      <button
        type="button"
        className="place"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(true);
        }}
      >
        <Icon name="more" />
        <span>{t("nav.more")}</span>
      </button>
      <Drawer
        open={isOpen}
        onClose={close}
        placement="bottom"
        size="large"
        title={t("nav.more")}
        classNames={{ body: "more-places" }}
      >
        <Groups places={places} onGo={close} />
        <div className="more-switches">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </Drawer>
    </nav>
  );
}
