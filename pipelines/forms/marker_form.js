// What ipywidgets cannot say of a widget: the language of the form, what is announced, which group a button is in.
(() => {
  const prepare = (form) => {
    form.lang = "fr";
    form.setAttribute("role", "form");
    form.setAttribute("aria-label", "Marquer une action");
    // Else an arrow in the list, or a letter on a button, would be a command of the notebook.
    form.querySelectorAll("button, input, select, textarea").forEach((one) => { one.dataset.lmSuppressShortcuts = "true"; });
    const announced = form.querySelector(".ose-annonce");
    announced.setAttribute("role", "status");
    announced.setAttribute("aria-atomic", "true");
    form.querySelector(".ose-erreur").setAttribute("role", "alert");
    const answers = form.querySelector(".ose-reponses");
    answers.setAttribute("role", "group");
    answers.setAttribute("aria-labelledby", form.dataset.oseQuestion = `ose-question-${Date.now()}`);
    // The sentence is replaced with each question: the new one takes the name that the group refers to.
    const name = () => { const asked = form.querySelector(".ose-question"); if (asked) asked.id = form.dataset.oseQuestion; };
    new MutationObserver(name).observe(announced, { childList: true, subtree: true });
    // The second click of a double click, or a key held down, would answer the next question unread.
    form.addEventListener("click", (event) => { if (event.detail > 1) event.stopImmediatePropagation(); }, true);
    form.addEventListener("keydown", (event) => {
      if (event.repeat && event.target.matches("button")) event.preventDefault();
    }, true);
    form.querySelector("input").focus();
  };
  let tries = 100;
  const waiting = setInterval(() => {
    const forms = document.querySelectorAll(".ose-saisie:not([lang])");
    forms.forEach(prepare);
    if (forms.length || --tries === 0) clearInterval(waiting);
  }, 100);
})();
