"""What a page must be for somebody who sees little, uses no mouse or holds a phone: measured in the browser."""

from typing import Any

from playwright.sync_api import Page

# Text on what lies behind it, by WCAG 2: relative luminance of both colours, the background taken from the first
# ancestor that has one. Texts of 24 px, or bold of 18.66 px, need 3:1, all others 4.5:1.
CONTRAST = """() => {
  const parse = text => text.match(/[0-9.]+/g).map(Number);
  const curve = value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const channel = value => curve(value / 255);
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const behind = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const words = [...element.childNodes].filter(node => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(element), size = parseFloat(style.fontSize);
    if (!words.length || !element.getClientRects().length) continue;
    const [one, other] = [light(parse(style.color)), light(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.push(`${words[0].textContent.trim()} (${ratio.toFixed(2)})`);
  }
  return poor;
}"""

UNNAMED = """() => [...document.querySelectorAll("a, button, input:not([type=hidden])")].filter(element => {
  const labelled = element.labels && element.labels.length;
  return !(element.getAttribute("aria-label") || element.textContent.trim() || labelled);
}).map(element => element.outerHTML)"""

# Links inside a sentence are exempt (WCAG 2.5.8); whatever stands by itself is not.
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden])")].filter(element => {
  const box = element.getBoundingClientRect();
  const inline = getComputedStyle(element).display === "inline" && element.closest("p");
  return box.height && box.left >= 0 && !inline && (box.height < 44 || box.width < 24);
}).map(element => element.outerHTML)"""

WIDE = """() => {
  const page = document.documentElement;
  const out = [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.right > page.clientWidth + 0.5 && box.left >= 0;
  });
  const scrolls = page.scrollWidth > page.clientWidth;
  return scrolls ? [`${page.scrollWidth} > ${page.clientWidth}`] : out.map(one => one.outerHTML);
}"""

STRUCTURE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
  const levels = [...document.querySelectorAll("h1, h2, h3")].map(element => Number(element.tagName[1]));
  const referred = [...document.querySelectorAll("[aria-describedby], [aria-labelledby]")].flatMap(element =>
    `${element.getAttribute("aria-describedby") || ""} ${element.getAttribute("aria-labelledby") || ""}`.split(" "));
  const found = [];
  if (document.documentElement.lang !== "en") found.push("no language");
  if (!document.title) found.push("no title");
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  if (levels.filter(level => level === 1).length !== 1) found.push("not one h1");
  if (levels.some((level, at) => at && level > levels[at - 1] + 1)) found.push("a heading level is left out");
  if (new Set(ids).size !== ids.length) found.push("an id twice");
  found.push(...referred.filter(id => id && !ids.includes(id)).map(id => `refers to nothing: ${id}`));
  return found;
}"""


def problems(page: Page) -> list[Any]:
    """Everything that is wrong with a page, as sentences or as the element to blame."""
    page.wait_for_load_state()  # A page is there before its style sheet is.
    found: list[Any] = []
    for name, script in (
        ("contrast", CONTRAST),
        ("no name", UNNAMED),
        ("too small", SMALL),
        ("too wide", WIDE),
        ("structure", STRUCTURE),
    ):
        found += [(name, one) for one in page.evaluate(script)]
    return found
