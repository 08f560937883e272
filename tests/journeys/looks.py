"""Measuring what a page looks like: how wide it is, and which texts stand out too little from what is behind them."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# Of a choice that is open the theme draws the words in its main colour on a tint of it; in the dark no colour has 4.5
# there and below the white words of a button too. What else says that it is open: frame and ground.
LEAST, LEAST_OF_OPEN = 4.5, 3
_FAINT = """([least, leastOfOpen]) => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, below) => {
    const a = top.length > 3 ? top[3] : 1;
    return [0, 1, 2].map(i => top[i] * a + below[i] * (1 - a));
  };
  const behind = node => {
    const layers = [];
    for (let each = node; each; each = each.parentElement) layers.push(parse(getComputedStyle(each).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const light = colour => {
    const [r, g, b] = colour.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const opacity = node => node ? getComputedStyle(node).opacity * opacity(node.parentElement) : 1;
  const texts = document.createTreeWalker(document.querySelector('[data-testid=stApp]'), NodeFilter.SHOW_TEXT);
  const found = {}, left = 'canvas, :disabled, [aria-disabled=true], style, script, noscript';
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement, words = texts.currentNode.data.trim();
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    const hidden = !box.width || !box.height || !node.checkVisibility({ visibilityProperty: true });
    if (!/[\\p{L}\\p{N}]/u.test(words) || hidden || node.closest(left)) continue;
    const back = behind(node), paint = parse(node.closest('svg') ? style.fill : style.color);
    const front = over([...paint.slice(0, 3), (paint[3] ?? 1) * opacity(node)], back);
    const [low, high] = [light(front), light(back)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    const open = node.closest('[aria-checked=true]');
    if (ratio < (open ? leastOfOpen : least)) found[words.slice(0, 40)] = Math.round(ratio * 100) / 100;
  }
  return found;
}"""


def faint(page: Page) -> dict[str, Any]:
    """Give the texts that stand out too little from what is behind them, with the contrast that they have."""
    found: dict[str, Any] = page.evaluate(_FAINT, [LEAST, LEAST_OF_OPEN])
    return found


def overflow(page: Page) -> int:
    """Give by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))
