// Passkeys: the one thing on these pages that needs a script. It asks the browser to sign the challenge that stands in the
// form, writes what it says into the form's hidden fields, and sends the form like any other. Without it the form stays
// hidden, and name, password and code do the same.
'use strict';
(() => {
  if (!window.PublicKeyCredential) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const keys = (ids) => ids.split(' ').filter(Boolean).map((id) => ({ type: 'public-key', id: bytes(id) }));

  const create = ({ challenge, rp, ids, user, name, office }) =>
    navigator.credentials.create({
      publicKey: {
        challenge: bytes(challenge),
        rp: { id: rp, name: office || 'recourse' },
        user: { id: bytes(user), name, displayName: name },
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        excludeCredentials: keys(ids),
        attestation: 'none',
        timeout: 240000,
      },
    });

  const get = ({ challenge, rp, ids }) =>
    navigator.credentials.get({ publicKey: { challenge: bytes(challenge), rpId: rp, allowCredentials: keys(ids || ''), userVerification: 'required', timeout: 240000 } });

  const fill = (form, name, value) => {
    form.querySelector(`input[name="${name}"]`).value = value;
  };

  const send = async (form, button) => {
    const isNew = form.dataset.passkey === 'create';
    const credential = await (isNew ? create : get)(form.dataset);
    fill(form, 'id', text(credential.rawId));
    fill(form, 'client', text(credential.response.clientDataJSON));
    fill(form, 'authenticator', text(isNew ? credential.response.getAuthenticatorData() : credential.response.authenticatorData));
    if (!isNew) fill(form, 'signature', text(credential.response.signature));
    // What was to be typed instead is not asked for.
    for (const input of form.querySelectorAll('input[required]')) input.required = input.name !== 'password' && input.name !== 'code';
    if (button.value) {
      const chosen = Object.assign(document.createElement('input'), { type: 'hidden', name: button.name, value: button.value });
      form.append(chosen);
    }
    form.submit();
  };

  for (const form of document.querySelectorAll('form[data-challenge]')) {
    for (const button of form.querySelectorAll('button[data-passkey]')) {
      button.hidden = false;
      button.addEventListener('click', (event) => {
        event.preventDefault();
        send(form, button).catch(() => {
          const fault = form.querySelector('[data-fault]');
          if (fault) fault.hidden = false;
        });
      });
    }
    form.hidden = false;
  }
  // Each desk has a challenge of its own.
  const desk = document.querySelector('select[name=desk]');
  if (desk) desk.addEventListener('change', () => location.assign(`/signin?desk=${encodeURIComponent(desk.value)}`));
})();
