export default ({ data, parentElement }) => {
  const region = parentElement.querySelector("p");
  if (region.textContent !== data) region.textContent = data;
};
