// Which texts may hold a person's name, or something said in confidence: they are hidden on the phone.

/** @type {Record<string, string[]>} */
const FIELDS = {
  account: ["name"],
  attendance: ["note", "reason"],
  draft: ["value"],
  household: ["head_name", "code", "hamlet", "phone", "note", "reason", "corrected"],
  member: ["name", "phone"],
  notification: ["title", "text"],
  report: ["note", "text", "reason"],
  request: ["topic", "text", "answer"],
  task: ["title", "text", "note", "reason"],
  visit: ["note", "reason", "counted", "review"],
};

/** The fields of a row of this kind, or of a mutation's args, that are hidden. @param {string} kind */
export const privateFields = (kind) => FIELDS[kind] || [];

/** The kind of row that a mutation is about. @param {{type: string}} mutation */
export const kindOf = ({ type }) => type.split(".")[0];

/** Stands for a name that nobody may keep, where the protocol wants one. */
export const NO_NAME = "–";
