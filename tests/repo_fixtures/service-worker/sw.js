/* global importScripts */
const version = 3;
importScripts("https://www.gstatic.com/firebasejs/10.0.0/firebase-messaging-compat.js");
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.host === "www.google-analytics.com") return;
});
