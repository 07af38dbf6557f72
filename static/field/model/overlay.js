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
 * The rows that a mutation is about, each its kind and id; most are about one, and some make or change none.
 * @param {Mutation} mutation
 * @returns {[string, string][]}
 */
export function rowsOf({ id, member_id, type, args }) {
  const kind = type.split(".")[0];
  if (kind === "household" || kind === "visit" || kind === "attendance" || kind === "task" || kind === "request") return [[kind, args.id]];
  if (args.ids) return args.ids.map((/** @type {string} */ one) => [kind, one]);
  if (kind === "notification") return [["preference", member_id]];
  return kind === "report" ? [["report", id]] : [];
}

/**
 * The rows that must be there before it: a household for its visit, the row for its change.
 * @param {Mutation} mutation
 * @returns {string[]}
 */
export const needs = ({ type, args }) => [args.household_id, /\.(record|create|raise)$/.test(type) ? null : args.id].filter(Boolean);

/** Whether an entry says that its household does not want to be named. @param {{type: string, args: Record<string, any>}} mutation */
export const refusesName = ({ type, args }) => /^household\.(create|update)$/.test(type) && args.consents?.named?.given === false;

/** @param {Record<string, any>} args */
const fieldsOf = ({ id, village_id, reason, base_version, ...fields }) => fields;

/** @param {Record<string, any>} data @param {Record<string, any>} fields */
function merged(data, fields) {
  const result = { ...data, ...fields };
  for (const name of ["indicators", "consents"]) if (fields[name]) result[name] = { ...data[name], ...fields[name] };
  return result;
}

/** Declined, blocked and done end the way alike; only a coordinator opens it again. @param {string} state */
const step = (state) => ["sent", "seen", "accepted", state].indexOf(state);

/** Whether what is said of a task leads on from where it is; what is older or equal changes nothing. @param {string} state @param {string} said */
export const leadsOn = (state, said) => step(said) > step(state);

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
  if (refusesName(mutation)) return { data: null };
  switch (type) {
    case "household.create": return { data: { ...args } };
    case "visit.record": return { data: visitData(mutation, author) };
    case "report.nothing":
    case "attendance.record": return { data: { ...args, author_id: author.member_id, team_id: author.team_id } };
    case "request.raise": return { data: { ...args, state: "open", raised_at: mutation.at, author_id: author.member_id, team_id: author.team_id } };
    case "notification.prefer": return { data: args };
    case "notification.read": return row.data ? { ...row, data: { ...row.data, read_at: row.data.read_at || mutation.at } } : row;
    case "household.update": return row.data ? { ...row, data: merged(row.data, fieldsOf(args)) } : row;
    case "task.progress": return row.data && leadsOn(row.data.state, args.state) ? { ...row, data: { ...row.data, reason: null, ...args } } : row;
    case "visit.amend": return row.data ? { ...row, data: { ...merged(row.data, fieldsOf(args)), amended_at: mutation.at } } : row;
    case "household.withdraw":
    case "visit.withdraw": return row.data ? { ...row, gone: "withdrawn" } : row;
    default: return row;
  }
}
