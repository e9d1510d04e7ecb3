// What the measures ask of an open page. One object, so that a question is `(this file).name(argument)`.
({
  // the middle of everything on the first screen that could react to a pointer
  places() {
    window.scrollTo(0, 0);
    return [...document.querySelectorAll("a, summary, [tabindex], [title], img")]
      .map((e) => e.getBoundingClientRect())
      .filter((box) => box.width && box.top < innerHeight)
      .slice(0, 60)
      .map((box) => [box.left + box.width / 2, box.top + box.height / 2]);
  },

  // everything folded is opened
  open() {
    document.querySelectorAll("details").forEach((e) => (e.open = true));
  },

  // every link of the page's body that does not lead out of it is followed
  click() {
    [...document.querySelectorAll("main a")].filter((e) => !/^https|\.html/.test(e.href)).forEach((e) => e.click());
  },

  // the first rows of every table only
  shorten() {
    document.querySelectorAll("tbody").forEach((e) => [...e.rows].slice(6).forEach((row) => row.remove()));
  },

  // violations of axe-core (loaded before): every default rule, WCAG 2.2 AA, best practice, `experimental`, not `others`
  async axe([experimental, others]) {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const enabled = axe.getRules(tags).map((rule) => rule.ruleId).concat(experimental);
    const rules = Object.fromEntries(enabled.map((rule) => [rule, { enabled: !others.includes(rule) }]));
    const result = await axe.run(document, { resultTypes: ["violations"], rules });
    return result.violations.map((v) => ({ rule: v.id, nodes: v.nodes.map((n) => n.html.slice(0, 120)) }));
  },

  // contrast of every visible text with the ground under it: the lowest, and those below 4.5
  contrast() {
    const parse = (text) => {
      const n = text.match(/[\d.]+/g).map(Number);
      return [n[0], n[1], n[2], n.length > 3 ? n[3] : 1];
    };
    const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const light = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
    const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
    const above = (e) => (e ? [e, ...above(e.parentElement)] : []);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set();
    const faults = [];
    let lowest = 21;
    while (walker.nextNode()) {
      const e = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || seen.has(e)) continue;
      seen.add(e);
      if (!e.checkVisibility({ visibilityProperty: true })) continue;
      const styles = above(e).map((element) => getComputedStyle(element));
      const layers = styles.map((style) => parse(style.backgroundColor));
      const ground = layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
      const text = parse(styles[0].color);
      text[3] *= styles.reduce((product, style) => product * Number(style.opacity), 1);
      const [dark, bright] = [light(over(text, ground)), light(ground)].sort((a, b) => a - b);
      const ratio = (bright + 0.05) / (dark + 0.05);
      lowest = Math.min(lowest, ratio);
      if (ratio < 4.5) faults.push(`${ratio.toFixed(2)} ${e.outerHTML.slice(0, 90)}`);
    }
    return [lowest, faults];
  },

  // at a phone's width: the page's width, statuses out of sight, how high the letters of every chart are
  phone() {
    const cut = [...document.querySelectorAll("table .status")].filter((e) => {
      if (!e.checkVisibility()) return false;
      const box = e.getBoundingClientRect();
      const scroller = e.closest(".scroll")?.getBoundingClientRect();
      return !box.width || box.left < 0 || box.right > innerWidth + 0.5 || (scroller && box.right > scroller.right + 1);
    });
    const letters = [...document.querySelectorAll("svg text")].map((e) => {
      const scale = e.ownerSVGElement.getScreenCTM().a;
      return [scale * parseFloat(getComputedStyle(e).fontSize), e.textContent];
    });
    return [document.documentElement.scrollWidth, cut.map((e) => e.textContent), letters];
  },

  // the shapes of charts whose line or area stands out least from the page: contrast and colours; `decoration` holds
  // colours of what no reader needs to see, by the names they have in the file
  parts(decoration) {
    const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const light = (text) => {
      const c = text.match(/[\d.]+/g).map(Number);
      return 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
    };
    const ground = light(getComputedStyle(document.body).backgroundColor);
    const ratio = (color) => {
      const [dark, bright] = [light(color), ground].sort((a, b) => a - b);
      return (bright + 0.05) / (dark + 0.05);
    };
    return [...document.querySelectorAll(".picture path, .picture text")].flatMap((e) => {
      const names = ["fill", "stroke"].filter((name) => !decoration.concat("none", null).includes(e.getAttribute(name)));
      const colors = names.map((name) => getComputedStyle(e)[name]);
      return colors.length ? [[Math.max(...colors.map(ratio)), `${e.tagName} ${colors}`]] : [];
    });
  },

  // texts of charts: how many there are, and those that cannot be selected; pictures of letters
  selectable() {
    const texts = [...document.querySelectorAll(".picture text")];
    const lost = texts.filter((e) => {
      getSelection().selectAllChildren(e);
      return getSelection().toString().trim() !== e.textContent.trim();
    });
    return [texts.length, lost.map((e) => e.textContent), document.querySelectorAll("figure img").length];
  },

  // of every gallery how far the left and right edges of its plots, from the edges of their pictures, lie apart
  edges() {
    return [...document.querySelectorAll(".gallery")].map((gallery) => {
      const sides = [...gallery.querySelectorAll(".picture")].map((e) => {
        const [whole, plot] = [e.querySelector("svg"), e.querySelector("path.plot")].map((x) => x.getBoundingClientRect());
        return [plot.left - whole.left, plot.right - whole.left];
      });
      const apart = (i) => Math.max(...sides.map((s) => s[i])) - Math.min(...sides.map((s) => s[i]));
      return Math.max(apart(0), apart(1));
    });
  },

  // texts of charts in a font that lie on each other, and parts that leave their picture
  crowded(font) {
    document.querySelectorAll(".picture svg").forEach((e) => (e.style.fontFamily = font));
    const faults = [];
    for (const svg of document.querySelectorAll(".picture svg")) {
      const frame = svg.getBoundingClientRect();
      const out = (b) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1;
      const texts = [...svg.querySelectorAll("text")].map((e) => [e.textContent, e.getBoundingClientRect()]);
      texts.filter(([, b]) => out(b)).forEach(([text]) => faults.push(`outside: ${text}`));
      const paths = [...svg.querySelectorAll("path")].filter((e) => out(e.getBoundingClientRect()));
      paths.forEach((e) => faults.push(`outside: ${e.outerHTML.slice(0, 60)}`));
      texts.forEach(([one, a], i) =>
        texts.slice(i + 1).forEach(([two, b]) => {
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (wide > 1 && high > 2) faults.push(`over each other: ${one}, ${two}`);
        }),
      );
    }
    return faults;
  },

  // stops of the Tab key in the body of the page that stand, by the eye, above the one before them in the same column
  order() {
    const stops = [...document.querySelectorAll("main a[href], main summary, main [tabindex='0']")].filter(
      (e) => e.checkVisibility() && !e.closest("nav") && getComputedStyle(e).position !== "fixed",
    );
    const boxes = stops.map((e) => e.getBoundingClientRect());
    const back = (i) => i && boxes[i].bottom < boxes[i - 1].top - 1 && Math.abs(boxes[i].left - boxes[i - 1].left) < 50;
    return stops.filter((e, i) => back(i)).map((e) => e.outerHTML.slice(0, 90));
  },

  // stops of the Tab key without name or role, those out of the page's order, scrollers that the keyboard cannot reach
  tabs() {
    const visible = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
    const stops = visible("a[href], summary, [tabindex]").filter((e) => e.tabIndex >= 0);
    const name = (e) => (e.getAttribute("aria-label") || e.textContent).trim();
    const scrollers = visible("body *").filter(
      (e) => e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX),
    );
    const told = (elements) => elements.map((e) => e.outerHTML.slice(0, 90));
    return {
      nameless: told(stops.filter((e) => !name(e) || (e.hasAttribute("tabindex") && !e.getAttribute("role")))),
      jumps: told(stops.filter((e) => e.tabIndex > 0)),
      scrollers: told(scrollers.filter((e) => e.tabIndex < 0 || !e.matches("[aria-label], [aria-labelledby]"))),
      skip: !!document.querySelector(document.querySelector("a.skip")?.getAttribute("href") ?? "none"),
    };
  },

  // visible texts, in the order of the document
  texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const visible = walker.currentNode.parentElement.checkVisibility({ visibilityProperty: true });
      if (visible && walker.currentNode.data.trim()) found.push(walker.currentNode.data.trim());
    }
    return found;
  },

  // tables of which a column lies beside the screen
  cut() {
    const wide = [...document.querySelectorAll(".scroll")].filter((e) => e.scrollWidth > e.clientWidth + 1);
    return wide.map((e) => e.textContent.slice(0, 60));
  },

  // where title and verdict end, in screens
  opening() {
    const ends = [...document.querySelectorAll("h1, .verdict")].slice(0, 2).map((e) => e.getBoundingClientRect().bottom);
    return Math.max(...ends) / innerHeight;
  },

  // as a browser shows the page that does not know `:has()`: what of its body is covered, and tables that are not there
  aged() {
    const learned = (rule) => /:has\(|::details-content/.test(rule.selectorText ?? rule.conditionText ?? "");
    const age = (rules) => {
      [...rules.cssRules].forEach((rule, i) => rule.cssRules && !learned(rule) && age(rule));
      for (let i = rules.cssRules.length - 1; i >= 0; i--) if (learned(rules.cssRules[i])) rules.deleteRule(i);
    };
    [...document.styleSheets].forEach(age);
    const covered = [...document.querySelectorAll("main h1, main .verdict, main .findings li, main h2, main table")].filter((e) => {
      if (e.closest("details:not([open])")) return false;
      e.scrollIntoView({ block: "center" });
      const box = e.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + 3, Math.max(box.top + 3, 60));
      return !top || !top.closest("main") || (top.closest("nav") && !e.closest("nav"));
    });
    const lost = [...document.querySelectorAll("main table")].filter((e) => !e.closest("details") && !e.checkVisibility());
    return [...covered, ...lost].map((e) => e.textContent.trim().slice(0, 60));
  },

  // words that the stylesheet writes into the page
  written() {
    return [...document.querySelectorAll("body *")]
      .flatMap((e) => ["::before", "::after"].map((part) => getComputedStyle(e, part).content))
      .filter((content) => /[\p{L}\p{N}]/u.test(content.replace(/none|normal|counter\(.*\)/g, "")));
  },

  // ground and ink of the page
  colours() {
    const style = getComputedStyle(document.body);
    return [style.backgroundColor, style.color];
  },

  paint() {
    return performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  },
})
