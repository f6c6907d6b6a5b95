
// Keys of the slides. Without this script they scroll, one after the other.
{
  const slides = [...document.querySelectorAll(".diapositive")];
  const current = () => slides.findLastIndex((slide) => slide.getBoundingClientRect().top < window.innerHeight / 2);
  const show = (rank) => {
    const slide = slides[Math.min(Math.max(rank, 0), slides.length - 1)];
    slide.scrollIntoView({ block: "start" });
    slide.focus({ preventScroll: true });
  };
  // A slide taller than the screen is read to its end, or its beginning, before the next one comes.
  const below = (slide) => slide.getBoundingClientRect().bottom > window.innerHeight + 2;
  const above = (slide) => slide.getBoundingClientRect().top < -2;
  const moves = {
    ArrowRight: () => show(current() + 1),
    ArrowLeft: () => show(current() - 1),
    Home: () => show(0),
    End: () => show(slides.length - 1),
    Escape: () => slides[current()].querySelector(".bas a").click(),
  };
  const down = ["ArrowDown", "PageDown", " "], up = ["ArrowUp", "PageUp"];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    // A box that scrolls and a drawing keep their own keys.
    const own = event.target instanceof Element && event.target.closest("summary, .defile, .boite");
    if (own && !["Home", "End", "PageDown", "PageUp"].includes(event.key)) return;
    const slide = slides[Math.max(current(), 0)];
    let move = moves[event.key];
    if (down.includes(event.key) && !event.shiftKey) move = below(slide) ? undefined : moves.ArrowRight;
    else if (up.includes(event.key) || (event.key === " " && event.shiftKey)) move = above(slide) ? undefined : moves.ArrowLeft;
    if (!move) return;
    event.preventDefault();
    move();
  });
  // Say of a slide that its end is not on the screen.
  const hint = () => {
    for (const slide of slides) slide.querySelector(".plus-bas").hidden = slide.offsetHeight <= window.innerHeight + 2 || !below(slide);
  };
  for (const name of ["scroll", "resize", "load"]) window.addEventListener(name, hint, { passive: true });
}
