import { useBilling } from "./billing-words.ts";

interface PriceCurveProps {
  readonly points: readonly { readonly units: number; readonly net: number }[];
  readonly currency: string;
  readonly unit: string;
  /** Where the months below are reckoned. */
  readonly at: number;
}

const WIDTH = 480;
const HEIGHT = 200;
const PAD = { left: 8, right: 8, top: 22, bottom: 24 };

/** What a month's use costs over how much it is; a text says the same to who cannot see it. */
export function PriceCurve({ points, currency, unit, at }: PriceCurveProps) {
  const { w, format } = useBilling();
  const last = points.at(-1);
  if (last === undefined || last.units === 0) return undefined;
  const most = Math.max(1, ...points.map(({ net }) => net));
  const x = (units: number): number =>
    PAD.left + (units / last.units) * (WIDTH - PAD.left - PAD.right);
  const y = (net: number): number =>
    HEIGHT - PAD.bottom - (net / most) * (HEIGHT - PAD.top - PAD.bottom);
  const line = points.map(({ units, net }) => `${x(units).toFixed(1)},${y(net).toFixed(1)}`);
  const here = points.findLast(({ units }) => units <= at) ?? last;
  const text = w("curve.text", {
    units: format.number(here.units),
    unit,
    net: format.money(here.net, currency),
  });
  return (
    <figure className="price-curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text}>
        <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(0)} y2={y(0)} className="axis" />
        <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(most)} y2={y(most)} className="grid" />
        <polyline points={line.join(" ")} />
        <circle cx={x(here.units)} cy={y(here.net)} r="4.5" />
        <text x={PAD.left} y={PAD.top - 7}>
          {format.money(most, currency)}
        </text>
        <text x={PAD.left} y={HEIGHT - 6}>
          0
        </text>
        <text x={WIDTH - PAD.right} y={HEIGHT - 6} textAnchor="end">
          {format.number(last.units)} {unit}
        </text>
      </svg>
      <figcaption>{text}</figcaption>
    </figure>
  );
}
