// Short words for what every part of the composer does with the page.

export const byId = (id) => document.getElementById(id);

export const create = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

export const quietButton = (text, press) => {
  const button = create("button", { type: "button", className: "btn btn-sm btn-quiet", textContent: text });
  button.addEventListener("click", press);
  return button;
};

// What Django's json_script filter has put into the page.
export const readJson = (id) => JSON.parse(byId(id).textContent);
