// Files go to the server while the person is still on the page, and go on by themselves where a line broke (tus 1.0). Without scripts the
// form sends them itself. The key of a file comes from the page's own key and the file: chosen again, it goes on where it was.
"use strict";
(function () {
  var form = document.getElementById("keeps"), input = document.getElementById("file"), box = document.getElementById("progress");
  if (!form || !input || !box || !window.crypto || !crypto.subtle || !window.TextEncoder) return;
  var page = (form.elements.receipt || form.elements.key).value, limit = 0, left = 0, waiting = null;

  function header(request, key) {
    request.setRequestHeader("Tus-Resumable", "1.0.0");
    request.setRequestHeader("Upload-Key", key);
  }
  function base64(text) {
    var bytes = new TextEncoder().encode(text), out = "";
    for (var i = 0; i < bytes.length; i += 1) out += String.fromCharCode(bytes[i]);
    return btoa(out);
  }
  function ask(method, url, key, headers, body, sent) {
    return new Promise(function (done, fail) {
      var request = new XMLHttpRequest();
      request.open(method, url);
      header(request, key);
      Object.keys(headers).forEach(function (name) {
        request.setRequestHeader(name, headers[name]);
      });
      if (sent) request.upload.onprogress = sent;
      request.onload = function () {
        done(request);
      };
      request.onerror = request.ontimeout = fail;
      request.send(body);
    });
  }
  function pause(ms) {
    return new Promise(function (done) {
      setTimeout(done, ms);
      window.addEventListener("online", done, { once: true });
    });
  }
  function keyOf(file) {
    var text = page + "|" + file.name + "|" + file.size + "|" + file.lastModified;
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then(function (hash) {
      return btoa(String.fromCharCode.apply(null, new Uint8Array(hash))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    });
  }

  // From where the server is to the end; after a fault it is asked again where it is, for as long as the page stands open.
  function send(file, key, bar, says) {
    var place = null, tries = 0;
    function begin() {
      var metadata = "filename " + base64(file.name) + ",filetype " + base64(file.type || "");
      return ask("POST", "/api/v1/uploads", key, { "Upload-Length": String(file.size), "Upload-Metadata": metadata }).then(function (answer) {
        if (answer.status === 413) return { large: true };
        if (answer.status !== 201) throw answer;
        place = answer.getResponseHeader("Location");
        return go(Number(answer.getResponseHeader("Upload-Offset") || 0));
      });
    }
    function go(offset) {
      bar.value = offset;
      tries = 0;
      if (offset === file.size) return {};
      return ask("PATCH", place, key, { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" }, file.slice(offset), function (event) {
        bar.value = offset + event.loaded;
        says.textContent = "";
      }).then(function (answer) {
        if (answer.status !== 204) throw answer;
        return go(Number(answer.getResponseHeader("Upload-Offset")));
      });
    }
    function look() {
      if (!place) return begin();
      return ask("HEAD", place, key, {}).then(function (answer) {
        if (answer.status !== 200) throw answer;
        return go(Number(answer.getResponseHeader("Upload-Offset")));
      });
    }
    function again() {
      says.textContent = box.getAttribute("data-again");
      tries += 1;
      return pause(Math.min(30000, 500 * Math.pow(2, tries))).then(look).catch(again);
    }
    return begin().catch(again);
  }

  function take(file) {
    var row = document.createElement("p"), name = document.createElement("bdi"), bar = document.createElement("progress"), says = document.createElement("span");
    name.textContent = file.name + " ";
    bar.max = file.size || 1;
    bar.setAttribute("aria-label", file.name);
    row.append(name, bar, " ", says);
    box.append(row);
    left += 1;
    return keyOf(file)
      .then(function (key) {
        return send(file, key, bar, says).then(function (end) {
          says.textContent = box.getAttribute(end.large ? "data-large" : "data-sent");
          bar.remove();
          if (end.large) return;
          var field = document.createElement("input");
          field.type = "hidden";
          field.name = "uploaded";
          field.value = JSON.stringify([[key, file.size, file.name]]);
          form.append(field);
        });
      })
      .then(function () {
        left -= 1;
        if (left === 0 && waiting) form.requestSubmit(waiting);
      });
  }

  var add = document.getElementById("add-files"), queue = Promise.resolve();
  if (add) add.hidden = true;
  input.removeAttribute("name");
  input.addEventListener("change", function () {
    Array.prototype.forEach.call(input.files, function (file) {
      queue = queue.then(function () {
        return take(file);
      });
    });
    input.value = "";
  });
  form.addEventListener("submit", function (event) {
    if (left === 0) return;
    event.preventDefault();
    waiting = event.submitter;
    box.append(box.getAttribute("data-wait"));
  });
})();
