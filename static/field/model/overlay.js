// What an entry that is not acknowledged yet does to a row of the phone's copy.

/**
 * @typedef {object} Mutation
 * @property {string} id
 * @property {string} member_id
 * @property {string} type
 * @property {string} at
 * @property {string | null} after
 * @property {string | null} replaces
 * @property {Record<string, any>} args
 */

/** @typedef {{data: Record<string, any> | null, gone?: string}} Row `data` null: no such row */
/** @typedef {{member_id: string, team_id: string | null}} Author */

/**
 * The row that a mutation is about: its kind and id; null when it makes or changes none.
 * @param {Mutation} mutation
 * @returns {[string, string] | null}
 */
export function rowOf({ id, type, args }) {
  const kind = type.split(".")[0];
  if (kind === "household" || kind === "visit" || kind === "attendance") return [kind, args.id];
  return kind === "report" ? ["report", id] : null;
}

/**
 * The rows that must be there before it: a household for its visit, the row for its change.
 * @param {Mutation} mutation
 * @returns {string[]}
 */
export const needs = ({ type, args }) => [args.household_id, type.endsWith(".record") || type.endsWith(".create") ? null : args.id].filter(Boolean);

/** @param {Record<string, any>} args */
const fieldsOf = ({ id, village_id, reason, base_version, ...fields }) => fields;

/** @param {Record<string, any>} data @param {Record<string, any>} fields */
function merged(data, fields) {
  const result = { ...data, ...fields };
  for (const name of ["indicators", "consents"]) if (fields[name]) result[name] = { ...data[name], ...fields[name] };
  return result;
}

/** @param {Mutation} mutation @param {Author} author */
function visitData({ at, args }, { member_id, team_id }) {
  return { household_id: null, member_ids: [member_id], occurred_at: at, ...args, author_id: member_id, team_id };
}

/**
 * The row as it is with the mutation on top. Changes of what is not there change nothing.
 * @param {Row} row
 * @param {Mutation} mutation
 * @param {Author} author
 * @returns {Row}
 */
export function applied(row, mutation, author) {
  const { type, args } = mutation;
  switch (type) {
    case "household.create": return { data: { ...args } };
    case "visit.record": return { data: visitData(mutation, author) };
    case "report.nothing":
    case "attendance.record": return { data: { ...args, author_id: author.member_id, team_id: author.team_id } };
    case "household.update":
    case "visit.amend": return row.data ? { ...row, data: merged(row.data, fieldsOf(args)) } : row;
    case "household.withdraw":
    case "visit.withdraw": return row.data ? { ...row, gone: "withdrawn" } : row;
    default: return row;
  }
}
