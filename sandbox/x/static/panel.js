// Sends the panel's form to the control API; the token comes from the page's meta element.
"use strict";

const token = document.querySelector("meta[name='sandbox-token']").content;
const form = document.getElementById("fault");
const said = document.getElementById("said");

function wish(data) {
  const match = {};
  for (const key of ["username", "path"]) {
    if (data.get(key)) {
      match[key] = data.get(key);
    }
  }
  const fault = { fault: data.get("fault"), match, times: data.get("times") ? Number(data.get("times")) : null };
  if (data.get("seconds")) {
    fault.seconds = Number(data.get("seconds"));
  }
  return fault;
}

async function call(method, body, path = "/faults") {
  const answer = await fetch("/sandbox/api" + path, {
    method,
    headers: { "X-Sandbox-Token": token, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.ok) {
    window.location.reload();
  } else {
    said.textContent = (await answer.json()).error;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  call("POST", wish(new FormData(form)));
});
document.getElementById("clear").addEventListener("click", () => call("DELETE"));
const selfServe = document.getElementById("self-serve");
selfServe.addEventListener("change", () => call("POST", { self_serve: selfServe.checked }, "/rules"));
