/**
 * Says what is wrong with an XML text as far as the drawings use XML (elements, quoted attributes, no entities);
 * undefined when all is well.
 */
export function malformedXml(text: string): string | undefined {
  const open: string[] = [];
  let at = 0;
  const tag = /<(\/?)([a-z]+)((?:\s+[a-zA-Z-]+="[^"<&]*")*)\s*(\/?)>/y;
  while (at < text.length) {
    tag.lastIndex = at;
    const match = tag.exec(text);
    if (!match) return `Unexpected text at ${at}: ${text.slice(at, at + 40)}`;
    const [whole, closing, name = '', , empty] = match;
    if (closing) {
      const expected = open.pop();
      if (expected !== name) return `</${name}> closes <${expected ?? 'nothing'}>`;
    } else if (!empty) open.push(name);
    at += whole.length;
  }
  return open.length > 0 ? `<${open.join('>, <')}> left open` : undefined;
}
