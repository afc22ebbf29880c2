import { NOW_MS } from "../api-fixture.ts";
import type { Part } from "./route-table.ts";

const JOB = "job-of-the-engineer";
const PHOTO = "photo-of-the-place";
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A job that the engineer has begun, at terminal 6, with one photo. */
export const field: Part = {
  async seed(db) {
    await db
      .insertInto("provisioning_job")
      .values({
        ...{ id: JOB, engineer_id: "engineer", engineer_name: "engineer", state: "open" },
        ...{ address: 6, opened_at: new Date(NOW_MS), version: 1 },
      })
      .execute();
    await db
      .insertInto("provisioning_step")
      .values({
        ...{ id: "step-of-the-job", job_id: JOB, kind: "walk-test", at: new Date(NOW_MS) },
        ...{ received_at: new Date(NOW_MS), data: "{}", outcome: "applied" },
      })
      .execute();
    await db
      .insertInto("provisioning_photo")
      .values({
        ...{ id: PHOTO, job_id: JOB, kind: "photo", media_type: "image/png" },
        ...{ bytes: png, at: new Date(NOW_MS) },
      })
      .execute();
  },
  //                                                AOBCERWMKS
  rows: [
    { route: "GET /api/jobs", /*              */ gets: "oofooofffu", url: "/api/jobs" },
    { route: "GET /api/jobs/{id}", /*         */ gets: "oofooofffu", url: `/api/jobs/${JOB}` },
    {
      route: "GET /api/jobs/{id}/walk-test",
      gets: "oofooofffu",
      url: `/api/jobs/${JOB}/walk-test`,
    },
    {
      route: "POST /api/jobs/{id}/steps",
      gets: "offfoffffu",
      url: "/api/jobs/job-begun-just-now/steps",
      payload: {
        steps: [
          {
            ...{ id: "step-one-of-it", kind: "note", at: "2026-10-01T07:59:00Z" },
            data: { text: "it rains" },
          },
        ],
      },
    },
    {
      route: "PUT /api/jobs/{id}/photos/{photoId}",
      of: "what is no picture",
      gets: "ifffiffffu",
      url: `/api/jobs/${JOB}/photos/another-photo`,
      payload: "no picture",
      headers: { "content-type": "image/png" },
    },
    {
      route: "GET /api/jobs/{id}/photos/{photoId}",
      gets: "oofooofffu",
      url: `/api/jobs/${JOB}/photos/${PHOTO}`,
    },
    // in the table's installation nothing is simulated: 404 for whoever may
    {
      route: "GET /api/simulated-terminals",
      gets: "nfffnffffu",
      url: "/api/simulated-terminals",
    },
    {
      route: "GET /api/simulated-terminals/{address}",
      gets: "nfffnffffu",
      url: "/api/simulated-terminals/6",
    },
    {
      route: "POST /api/simulated-terminals/{address}/presses",
      gets: "nfffnffffu",
      url: "/api/simulated-terminals/6/presses",
      payload: { button: "attach" },
    },
    { route: "GET /api/pre-checks/{serial}", /**/ gets: "oofooofffu", url: "/api/pre-checks/HL-6" },
  ],
};
