"""Everything that lies in a phone's database, as somebody who copies it would search it."""

from playwright.sync_api import Page

READ_ALL = """async () => {
  const db = await new Promise((done) => { const r = indexedDB.open('cdtteam'); r.onsuccess = () => done(r.result); });
  const read = (source) => new Promise((done) => { source.onsuccess = () => done(source.result); });
  const found = [];
  const lay = (value) => {
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
      const octets = new Uint8Array(value);
      found.push(new TextDecoder().decode(octets), new TextDecoder('utf-16le').decode(octets));
    } else if (value instanceof CryptoKey) found.push(`key:${value.type}:${value.extractable}`);
    else if (value && typeof value === 'object') Object.entries(value).flat().forEach(lay);
    else found.push(String(value));
  };
  for (const name of db.objectStoreNames) {
    const store = db.transaction(name).objectStore(name);
    const [keys, values] = await Promise.all([read(store.getAllKeys()), read(store.getAll())]);
    lay(keys);
    lay(values);
  }
  db.close();
  return found.join('\\n');
}"""


def stored_text(page: Page) -> str:
    """Every text, key and octet string of every store, decoded where it can be."""
    text: str = page.evaluate(READ_ALL)
    return text
