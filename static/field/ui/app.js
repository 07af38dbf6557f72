// What every screen is given, and what it gives back. Types only, and the memory of places.

/**
 * @typedef {import("../store/index.js").Store} Store
 * @typedef {import("../store/index.js").Account} Account
 * @typedef {import("./html.js").Part} Part
 */

/**
 * The sending, as far as screens care.
 * @typedef {object} Sync
 * @property {() => Promise<unknown>} sendNow
 * @property {(listener: () => void) => () => void} subscribe
 * @property {() => {phase: "idle" | "sending" | "waiting" | "offline" | "signed_out", retry_at?: number, problem?: string}} state
 */

/**
 * @typedef {object} Screen
 * @property {string} title the heading, also the page's title
 * @property {string} [place] which of the places below is lit: home, households, visits, more
 * @property {string} [parent] where the arrow leads when there is no way back
 * @property {boolean} [isNamed] the title is a person's name
 * @property {() => Part} view
 * @property {() => Part} [bar] what stands at the bottom instead of the places
 * @property {() => Promise<void>} [refresh] reads again after the data changed
 * @property {() => boolean} [isDirty] something typed that is not saved yet: no reload now
 * @property {() => void} [close] called when the screen is left or the page is hidden
 * @property {number} [scroll] where to begin, px
 */

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} text
 * @property {string} yes the words of the button that does it
 * @property {boolean} [danger]
 */

/**
 * @typedef {object} App
 * @property {Store} store
 * @property {Sync} sync
 * @property {Account | null} account
 * @property {{id: string, name: string, kind: string, commune_name: string, former?: string, moves?: import("../model/moves.js").Move[]}[]} villages
 * @property {string} village the id of the village in hand
 * @property {string} team the team's name
 * @property {number} waiting entries not sent yet
 * @property {number} attention entries that need a look
 * @property {import("../model/time.js").Instant | null} allSentAt the moment when nothing was left to send
 * @property {boolean} isLost the phone's data was cleared, and the person has not said yet that they know
 * @property {import("../store/keyring.js").LockState} lock
 * @property {number} triesLeft with the PIN
 * @property {boolean} canLock a PIN can be set on this phone
 * @property {number} relayed of those waiting, what was sent sealed
 * @property {number} unread notifications
 * @property {boolean} isWarned an urgent one is among them
 * @property {(() => Part) | null} proposal what home proposes, such as a PIN
 * @property {(path: string, replace?: boolean) => void} go
 * @property {(parent?: string) => void} back
 * @property {() => void} redraw
 * @property {() => Promise<void>} refresh
 * @property {(question: Question) => Promise<boolean>} ask
 * @property {(village: string) => Promise<void>} chooseVillage
 * @property {(language: string) => Promise<void>} speak changes the language, now and for good
 * @property {(account: Account, to?: string) => Promise<void>} signedIn
 * @property {() => void} lockPhone
 * @property {(words: string) => void} tell says a short thing at the bottom and to screen readers
 */

/** @typedef {(app: App, params: Record<string, string>) => Promise<Screen>} Open */

export {};
