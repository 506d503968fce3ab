// Sign-in: LINE's script gives an ID token; the server asks LINE whether it is good.
(function () {
  var form = document.getElementById("enter");

  function failed() {
    document.getElementById("opening").hidden = true;
    document.getElementById("failed").hidden = false;
  }

  function isOld() {
    var claims = liff.getDecodedIDToken();
    return !claims || claims.exp * 1000 < Date.now() + 60000;
  }

  function signIn() {
    // The SDK keeps a token longer than LINE takes it: then LINE must give a new one.
    if (liff.isLoggedIn() && isOld() && !liff.isInClient()) liff.logout();
    if (!liff.isLoggedIn()) return liff.login({ redirectUri: location.origin + location.pathname });
    form.elements.id_token.value = liff.getIDToken();
    form.submit();
  }

  if (!window.liff) failed();
  else liff.init({ liffId: form.dataset.liffId }).then(signIn).catch(failed);
})();
