// Shows push messages. What it gets is text of ours, encrypted for this browser alone; it keeps nothing.
self.addEventListener("push", (event) => {
  const { title = "Hopline", body = "", tag } = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon: "/favicon.svg" }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/"));
});
