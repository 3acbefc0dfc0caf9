"""Words that a page breaks where they have no break."""

# Of the elements that ``selector`` finds: each word that stands on more than one line.
BROKEN_WORDS = """selector => {
  const range = document.createRange(), broken = [];
  for (const element of document.querySelectorAll(selector)) {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^ \\n-]+/g)) {
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""
