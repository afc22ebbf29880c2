import { setImmediate } from "node:timers/promises";
import { type PdfDoc as Doc, PDF_MARGIN, printPdf } from "../billing/printed-pdf-pdfkit.ts";
import type { CommandDetail } from "../commands/commands.ts";
import type { Language } from "../notifications/occasion.ts";
import type { EvidenceInput, EvidencePdf } from "./evidence-pdf.ts";
import { ENTRY_WORDS, EVIDENCE_WORDS, SOURCE_WORDS, STATE_WORDS } from "./evidence-words.ts";
import type { RecoveryTrack, TrackPoint } from "./track.ts";
import { pictureOf, type Spot, type Streets } from "./track-picture.ts";

/** In points, on A4. */
const LEFT = PDF_MARGIN;
const RIGHT = 545;
const WIDTH = RIGHT - LEFT;
const BOTTOM = 780;
const TEXT_SIZE = 9;
const ROW_SIZE = 7.5;
const ROW_HEIGHT = 12;
const PICTURE_HEIGHT = 330;
const GREY = "#5a6270";
const BLUE = "#0b5cad";
/** After so many rows others have a turn. */
const ROWS_AT_ONCE = 200;

type Word = (key: keyof typeof EVIDENCE_WORDS) => string;

interface Page {
  readonly doc: Doc;
  readonly language: Language;
  readonly w: Word;
}

/** Prints an evidence pack with PDFKit; the track is drawn as vectors. */
export const evidencePdfPdfkit: EvidencePdf = (input, language) => {
  const w: Word = (key) => EVIDENCE_WORDS[key][language];
  const title = `${w("title")} ${input.one.id}`;
  return printPdf({ title, at: new Date(input.madeAtMs), language }, async (doc) => {
    const page: Page = { doc, language, w };
    facts(page, input);
    picture(page, input.track, input.streets);
    timeline(page, input);
    commands(page, input);
    readings(page, input);
    seal(page, input);
    await positions(page, input.track);
    foot(page, input);
  });
};

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

function heading({ doc }: Page, text: string): void {
  if (doc.y + 60 > BOTTOM) doc.addPage();
  doc
    .font("bold")
    .fontSize(13)
    .fillColor("black")
    .text(text, LEFT, doc.y + 14, { width: WIDTH });
  doc.font("regular").fontSize(TEXT_SIZE);
  doc.y += 4;
}

/** One line or more, on a new page where this one is full. */
function line({ doc }: Page, text: string, indent = 0): void {
  const width = WIDTH - indent;
  doc.font("regular").fontSize(TEXT_SIZE).fillColor("black");
  if (doc.y + doc.heightOfString(text, { width }) > BOTTOM) doc.addPage();
  doc.text(text, LEFT + indent, doc.y, { width });
  doc.y += 2;
}

function pair({ doc }: Page, name: string, value: string): void {
  const y = doc.y;
  doc.font("regular").fontSize(TEXT_SIZE).fillColor(GREY).text(name, LEFT, y, { width: 150 });
  const below = doc.y;
  doc.fillColor("black").text(value, LEFT + 160, y, { width: WIDTH - 160 });
  doc.y = Math.max(doc.y, below) + 2;
}

function facts(page: Page, { one, madeAtMs }: EvidenceInput): void {
  const { doc, w, language } = page;
  const { vehicle } = one;
  doc.font("bold").fontSize(18).text(w("title"), LEFT, LEFT);
  doc.y += 6;
  const unknown = w("unknown");
  const timeOr = (ms: number | null): string => (ms === null ? "–" : timeOf(ms));
  for (const [name, value] of [
    [w("case"), one.id],
    [w("vehicle"), vehicle.name],
    [w("plate"), vehicle.plate ?? unknown],
    [w("vin"), vehicle.vin ?? unknown],
    [w("terminal"), `${one.serial}, ${one.address}`],
    [w("state"), STATE_WORDS[one.state][language]],
    [w("result"), one.result ?? "–"],
    [w("stolenAt"), timeOf(one.stolenAtMs)],
    [w("openedAt"), timeOf(one.openedAtMs)],
    [w("recoveredAt"), timeOr(one.recoveredAtMs)],
    [w("closedAt"), timeOr(one.closedAtMs)],
    [w("madeAt"), timeOf(madeAtMs)],
  ] as const)
    pair(page, name, value);
  line(page, w("utc"));
}

function picture(page: Page, track: RecoveryTrack, streets: Streets): void {
  const { doc, w } = page;
  const drawn = pictureOf(track, { width: WIDTH, height: PICTURE_HEIGHT }, streets);
  if (drawn === undefined) {
    heading(page, w("track"));
    line(page, w("trackNone"));
    return;
  }
  if (doc.y + PICTURE_HEIGHT + 70 > BOTTOM) doc.addPage();
  heading(page, w("track"));
  const top = doc.y + 2;
  const at = ({ x, y }: Spot): readonly [number, number] => [LEFT + x, top + y];
  const path = (spots: readonly Spot[]): void => {
    for (const [i, spot] of spots.entries())
      if (i === 0) doc.moveTo(...at(spot));
      else doc.lineTo(...at(spot));
  };
  doc.save().rect(LEFT, top, WIDTH, PICTURE_HEIGHT).fillAndStroke("#f6f7f8", "#9aa3af");
  doc.rect(LEFT, top, WIDTH, PICTURE_HEIGHT).clip();
  doc.lineWidth(0.6).strokeColor("#d3d8de");
  for (const street of drawn.streets) path(street);
  doc.stroke();
  doc.lineWidth(1.6).lineJoin("round").strokeColor(BLUE);
  for (const way of drawn.ways) path(way);
  doc.stroke();
  doc.lineWidth(0.8);
  for (const spot of drawn.found) doc.circle(...at(spot), 2.5);
  doc.stroke();
  path(drawn.outline);
  if (drawn.outline.length > 0) doc.closePath().dash(3, {}).stroke().undash();
  if (drawn.begin) doc.circle(...at(drawn.begin), 4).fillAndStroke("white", BLUE);
  if (drawn.end) doc.circle(...at(drawn.end), 5).fill("#b3261e");
  const [x, y] = [LEFT + 12, top + PICTURE_HEIGHT - 12];
  doc.lineWidth(1.2).strokeColor("black");
  doc
    .moveTo(x, y)
    .lineTo(x + drawn.bar.length, y)
    .stroke();
  doc.restore();
  doc.font("regular").fontSize(ROW_SIZE).fillColor("black");
  const { metres } = drawn.bar;
  doc.text(metres < 1000 ? `${metres} m` : `${metres / 1000} km`, x, y - 12, { lineBreak: false });
  doc.x = LEFT;
  doc.y = top + PICTURE_HEIGHT + 4;
  line(page, w("legend"));
}

function timeline(page: Page, { one: { entries } }: EvidenceInput): void {
  const { w, language } = page;
  heading(page, w("timeline"));
  for (const { at, kind, who, whoName, text } of entries) {
    const by = who === "operator" ? w("operator") : (whoName ?? w("system"));
    const said = text === "" ? "" : `: ${text}`;
    line(page, `${timeOf(at.getTime())}  ${ENTRY_WORDS[kind][language]}${said} (${by})`);
  }
}

function commands(page: Page, { one }: EvidenceInput): void {
  const { w } = page;
  heading(page, w("commands"));
  if (one.commands.length === 0) line(page, w("none"));
  if (one.moreCommands) line(page, w("moreCommands"));
  for (const command of one.commands) {
    line(page, commandText(command, w));
    for (const { at, state, what, reason, whoName, gatewayId } of command.evidence) {
      const by = [whoName, gatewayId].filter((each) => each !== null).join(", ");
      const why = reason === null ? "" : ` (${reason})`;
      line(
        page,
        `${timeOf(at.getTime())}  ${state}: ${what}${why}${by === "" ? "" : `, ${by}`}`,
        14,
      );
    }
  }
}

function commandText(command: CommandDetail, w: Word): string {
  const { name, arguments: given, createdAt, createdByName, approvedByName, state } = command;
  const what = Object.entries(given).map(([key, value]) => `${key} ${value}`);
  const approved = approvedByName === null ? [] : [`${w("approvedBy")} ${approvedByName}`];
  return [
    `${timeOf(createdAt.getTime())}  ${[name, ...what].join(" ")}`,
    `${w("askedBy")} ${createdByName}`,
    ...approved,
    state,
  ].join(", ");
}

function readings(page: Page, { one: { links } }: EvidenceInput): void {
  const { w } = page;
  heading(page, w("links"));
  if (links.length === 0) line(page, w("none"));
  for (const { label, madeAt, expiresAt, revokedAt, readings: looks } of links) {
    const until = Math.min(expiresAt.getTime(), revokedAt?.getTime() ?? Infinity);
    line(page, `${label}: ${timeOf(madeAt.getTime())} – ${timeOf(until)}`);
    for (const { firstAt, lastAt, ip, requests } of looks)
      line(
        page,
        `${timeOf(firstAt.getTime())} – ${timeOf(lastAt.getTime())}  ${ip} (${requests})`,
        14,
      );
  }
}

function seal(page: Page, { audit, keyFingerprint }: EvidenceInput): void {
  const { w } = page;
  heading(page, w("seal"));
  line(page, w("sealed"));
  pair(page, w("entries"), audit.entries);
  pair(page, w("hash"), audit.hash);
  pair(page, w("key"), keyFingerprint);
}

const COLUMNS = [0, 105, 235, 365, 440] as const;

/** Rows of one height and without breaks: measuring thousands of texts would hold up everything else. */
async function positions(
  page: Page,
  { points, rejected, truncated }: RecoveryTrack,
): Promise<void> {
  const { doc, w, language } = page;
  heading(page, w("positions"));
  pair(page, w("count"), String(points.length));
  pair(page, w("rejected"), String(rejected));
  if (truncated) line(page, w("truncated"));
  const titles = [w("time"), w("place"), w("source"), w("accuracy"), w("speed")];
  row(doc.font("bold"), titles);
  for (const [i, point] of points.entries()) {
    if (i % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await setImmediate();
    if (doc.y + ROW_HEIGHT > BOTTOM) {
      doc.addPage();
      row(doc.font("bold"), titles);
    }
    row(doc.font("regular"), cellsOf(point, language));
  }
}

function cellsOf(point: TrackPoint, language: Language): readonly string[] {
  const { atMs, latitude, longitude, source, accuracyM, ellipse, gateways, speedKmh } = point;
  const accuracy =
    accuracyM === null
      ? EVIDENCE_WORDS.unknown[language]
      : `${Math.round(accuracyM)}${ellipse === null ? "" : ` × ${Math.round(ellipse.minorM)}`} m`;
  return [
    timeOf(atMs),
    `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`,
    `${SOURCE_WORDS[source][language]}${gateways === null ? "" : ` (${gateways})`}`,
    accuracy,
    speedKmh === null ? "–" : `${Math.round(speedKmh)} km/h`,
  ];
}

function row(doc: Doc, cells: readonly string[]): void {
  const y = doc.y;
  doc.fontSize(ROW_SIZE).fillColor("black");
  for (const [i, x] of COLUMNS.entries())
    doc.text(cells[i] ?? "", LEFT + x, y, { lineBreak: false });
  doc.x = LEFT;
  doc.y = y + ROW_HEIGHT;
}

function foot({ doc, w }: Page, { one, packId }: EvidenceInput): void {
  const { count } = doc.bufferedPageRange();
  for (let at = 0; at < count; at++) {
    doc.switchToPage(at);
    doc.page.margins.bottom = 0; // else the line would begin another page
    doc.font("regular").fontSize(ROW_SIZE).fillColor(GREY);
    doc.text(`${one.id} · ${packId}`, LEFT, BOTTOM + 20, { lineBreak: false });
    doc.text(`${w("page")} ${at + 1} / ${count}`, RIGHT - 100, BOTTOM + 20, {
      ...{ width: 100, align: "right", lineBreak: false },
    });
  }
}
