import { NOW_MS } from "../api-fixture.ts";
import type { Part, Row } from "./route-table.ts";

const WEBP = "RIFF0000WEBPVP8 "; // the beginning of an image of plain letters
const at = new Date(NOW_MS).toISOString();
const note = { id: "step-note", kind: "note", at, data: { text: "behind the seat" } };

const rows: readonly Row[] = [
  //                                                AOBCERWMKS
  { route: "GET /api/jobs", /*              */ gets: "oofooofffu", url: "/api/jobs" },
  { route: "GET /api/jobs/{id}", /*         */ gets: "oofooofffu", url: "/api/jobs/job-0001" },
  {
    route: "GET /api/jobs/{id}/walk-test",
    gets: "nnfnnnfffu", // it has not begun
    url: "/api/jobs/job-0001/walk-test",
  },
  {
    route: "GET /api/jobs/{id}/photos/{photoId}",
    gets: "oofooofffu",
    url: "/api/jobs/job-0001/photos/photo-0001",
  },
  {
    route: "GET /api/pre-checks/{serial}",
    gets: "nnfnnnfffu", // nobody has such a terminal
    url: "/api/pre-checks/HL-404",
  },
  {
    route: "POST /api/jobs/{id}/steps",
    gets: "nfffoffffu", // another's job is none: the administrator has no part in it
    url: "/api/jobs/job-0001/steps",
    payload: { steps: [note] },
  },
  {
    route: "PUT /api/jobs/{id}/photos/{photoId}",
    gets: "nfffoffffu",
    url: "/api/jobs/job-0001/photos/photo-0002",
    payload: WEBP,
    headers: { "content-type": "image/webp" },
  },
];

export const jobs: Part = {
  rows,
  async seed(db) {
    await db
      .insertInto("provisioning_job")
      .values({
        ...{ id: "job-0001", engineer_id: "engineer", engineer_name: "engineer" },
        ...{ state: "open", opened_at: new Date(NOW_MS), version: 1 },
      })
      .execute();
    await db
      .insertInto("provisioning_photo")
      .values({
        ...{ id: "photo-0001", job_id: "job-0001", kind: "photo", media_type: "image/webp" },
        ...{ bytes: new TextEncoder().encode(WEBP), at: new Date(NOW_MS) },
      })
      .execute();
  },
};
