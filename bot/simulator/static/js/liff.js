// LINE's LIFF SDK, played: the token of LINE Login comes in the fragment of the address.
(function () {
  var token = new URLSearchParams(location.hash.slice(1)).get("id_token");
  history.replaceState(null, "", location.pathname + location.search);

  function claims() {
    var part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(atob(part));
  }

  window.liff = {
    init: function () { return token ? Promise.resolve() : Promise.reject(new Error("INIT_FAILED")); },
    isInClient: function () { return true; },
    isLoggedIn: function () { return Boolean(token); },
    getIDToken: function () { return token; },
    getDecodedIDToken: function () { return token && claims(); },
    login: function () {},
    logout: function () { token = null; },
  };
})();
