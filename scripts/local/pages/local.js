// Copies a sign-in code, and renews the outbox when something new has been sent.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}

const shown = document.body.dataset.messages;
if (shown !== undefined) {
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch("/local/outbox.json");
    if (answer.ok && (await answer.json()).messages.length !== Number(shown)) location.reload();
  }, 2000);
}
