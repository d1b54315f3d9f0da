/** An administrator's onload.js as customised farms have it: other words, the fields in another order, the form in another place, a button of its own. */
export const customisedOnload = `
(function () {
  var by = function (id) { return document.getElementById(id); };
  by('header').textContent = 'Contoso staff entrance';
  if (!by('loginMessage')) return;
  document.title = 'Contoso | Staff entrance';
  by('loginMessage').textContent = 'Please show your badge';
  by('userNameInput').placeholder = 'Who?';
  by('passwordInput').placeholder = 'Prove it';
  var fields = by('formsAuthenticationArea');
  fields.insertBefore(by('kmsiArea'), by('userNameArea'));
  var card = document.createElement('section');
  card.className = 'contosoCard';
  by('contentWrapper').insertBefore(card, by('contentWrapper').firstChild);
  card.appendChild(by('authArea'));
  if (by('nextButton')) return;
  by('submitButton').style.display = 'none';
  var help = document.createElement('button');
  help.type = 'button';
  help.textContent = 'Help desk';
  help.onclick = function () { location.href = '/adfs/portal/help'; };
  var door = document.createElement('button');
  door.type = 'button';
  door.className = 'contosoDoor';
  door.textContent = 'Open the door';
  door.onclick = function () { Login.submitLoginRequest(); };
  by('submissionArea').appendChild(help);
  by('submissionArea').appendChild(door);
})();
`;
